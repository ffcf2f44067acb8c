namespace Mycelium.Infrastructure.Redis;

/// <summary>Both act only while the key holds our token: another's lock is never touched, and a key that is gone is never made again.</summary>
internal static class LockScripts
{
    public const string Unlock = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) else return 0 end";

    public const string Extend = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('PEXPIRE',KEYS[1],ARGV[2]) else return 0 end";
}
