using System.Globalization;

/// <summary>
/// Loaded into the API by the runtime (<c>DOTNET_STARTUP_HOOKS</c>) for the soak, in no namespace and by this name because the runtime asks for it so: writes the size of
/// the managed heap after its last collection to the file that <see cref="FileVariable"/> names. It never collects by itself, which would hide what it is there to see.
/// </summary>
internal static class StartupHook
{
    public const string FileVariable = "MYCELIUM_BENCH_HEAP_FILE";
    private static readonly TimeSpan period = TimeSpan.FromMilliseconds(200);
    private static Timer? timer;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
            timer = new Timer(_ => Write(path), null, period, period);
    }

    private static void Write(string path)
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo(GCKind.Any);
        // Replaced as a whole: a reader never sees half a number.
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{memory.HeapSizeBytes - memory.FragmentedBytes} {memory.Index}"));
        File.Move(path + ".new", path, overwrite: true);
    }
}
