using System.Globalization;

/// <summary>
/// Loaded into the API by the runtime (<c>DOTNET_STARTUP_HOOKS</c>) for the soak, in no namespace and by this name because the runtime asks for it so: collects the managed
/// heap whole every <see cref="SecondsVariable"/> and writes what is left of it to the file that <see cref="FileVariable"/> names. Without that, a minute would show how lazily memory is
/// collected.
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
        // Twice: what has a finalizer, such as code that was made at run time, goes with the second.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // Replaced as a whole: a reader never sees half a number.
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: false)} {GC.CollectionCount(2)}"));
        File.Move(path + ".new", path, overwrite: true);
    }
}
