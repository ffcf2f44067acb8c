using System.Globalization;

/// <summary>
/// Loaded into the API by the runtime (<c>DOTNET_STARTUP_HOOKS</c>) for the soak test; the runtime requires this name without a namespace.
/// It runs a full garbage collection of the managed heap every <see cref="SecondsVariable"/>, and writes the remaining size to the file in
/// <see cref="FileVariable"/>. Without it, a run of a minute would mostly measure how lazily memory is collected.
/// </summary>
internal static class StartupHook
{
    public const string FileVariable = "MYCELIUM_BENCH_HEAP_FILE";
    public const string SecondsVariable = "MYCELIUM_BENCH_HEAP_SECONDS";
    private static Timer? timer;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            TimeSpan period = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(SecondsVariable)!, CultureInfo.InvariantCulture));
            timer = new Timer(_ => Write(path), null, period, period);
        }
    }

    private static void Write(string path)
    {
        // Twice, because objects with finalizers, such as code generated at run time, are freed by the second collection.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // The file is replaced as a whole, so that a reader never sees half a number.
        File.WriteAllText(
            path + ".new", string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: false)} {GC.CollectionCount(2)}"));
        File.Move(path + ".new", path, overwrite: true);
    }
}
