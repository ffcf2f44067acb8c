using System.Globalization;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>The files that a machine's <c>sshd</c> reads.</summary>
internal static class SshServerFiles
{
    public static string Config(string folder, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        ListenAddress {SshServer.Host}
        Port {port}
        HostKey "{folder}/host_key"
        AuthorizedKeysFile "{folder}/authorized_keys"
        PidFile none
        UsePAM no
        StrictModes no
        AllowUsers {Environment.UserName}
        PermitRootLogin prohibit-password
        AuthenticationMethods publickey
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitEmptyPasswords no
        PermitUserEnvironment no
        PermitUserRC no
        DisableForwarding yes
        MaxAuthTries 4
        MaxSessions 4
        MaxStartups 8
        LoginGraceTime 20
        LogLevel ERROR
        ForceCommand /bin/sh "{folder}/enter"

        """);

    /// <summary>Runs the renter's command, or a shell, in the machine's home with an environment of its own.</summary>
    public static string Enter(string folder, Guid rentalId, WantedMachine wanted) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        cd '{{folder}}/home' || exit 1
        exec env -i HOME='{{folder}}/home' PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}" USER="$USER" LOGNAME="$LOGNAME" \
          RENTAL={{rentalId}} IMAGE={{wanted.Image}} SLICES={{wanted.Slices}} MACHINE_VERSION={{wanted.Version}} \
          /bin/sh ${SSH_ORIGINAL_COMMAND:+-c "$SSH_ORIGINAL_COMMAND"}

        """);
}
