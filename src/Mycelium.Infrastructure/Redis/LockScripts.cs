namespace Mycelium.Infrastructure.Redis;

/// <summary>Those that change a key act only while it holds our token: another's lock is never touched, and a key that is gone is never made again.</summary>
internal static class LockScripts
{
    /// <summary>Sets each key that is free; says of each whether it did.</summary>
    public const string LockEach = "local set={} for i,key in ipairs(KEYS) do set[i]=redis.call('SET',key,ARGV[1],'NX','PX',ARGV[2]) and 1 or 0 end return set";

    public const string UnlockEach = "for _,key in ipairs(KEYS) do if redis.call('GET',key)==ARGV[1] then redis.call('DEL',key) end end return 1";

    public const string Unlock = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) else return 0 end";

    public const string Extend = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('PEXPIRE',KEYS[1],ARGV[2]) else return 0 end";
}
