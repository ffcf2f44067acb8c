using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mycelium.Testing;

/// <summary>
/// A server started by a test: a direct child, so that killing it leaves no zombie. Its output is kept for failure messages.
/// Children that are still running end with the test process.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly HashSet<ChildProcess> Running = [];
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Seen)> waiting = [];

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        ChildProcess[] remaining;
        lock (Running)
            remaining = [.. Running];
        foreach (ChildProcess child in remaining)
            child.Dispose();
    };

    private bool disposed;

    private ChildProcess(Process process) => this.process = process;

    public int Id => process.Id;
    public bool HasExited => process.HasExited;
    public int ExitCode => process.ExitCode;

    /// <summary>Its output so far, both streams combined.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static ChildProcess Start(
        string fileName, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? workingDirectory = null)
    {
        // The kernel kills it together with us, even when the test host is killed before its exit handlers run.
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", fileName, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? System.IO.Path.GetTempPath(),
        };
        foreach ((string name, string? value) in environment ?? [])
            start.Environment[name] = value;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => child.Keep(line.Data);
        Starter.Run(() => process.Start());
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lock (Running)
            Running.Add(child);
        return child;
    }

    /// <summary>Runs a command to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message contains the output.</exception>
    public static async Task<string> RunAsync(
        string fileName, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? workingDirectory = null,
        TimeSpan? deadline = null)
    {
        using ChildProcess child = Start(fileName, arguments, environment, workingDirectory);
        await child.WaitForExitAsync(deadline ?? TimeSpan.FromMinutes(2));
        return child.ExitCode == 0
            ? child.Output
            : throw new InvalidOperationException($"{fileName} ended with {child.ExitCode}:\n{child.Output}");
    }

    /// <summary>Waits for a line of output; a line that is already written counts.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, TimeSpan? deadline = null)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (output)
        {
            if (output.ToString().Split('\n').FirstOrDefault(matches) is { } line)
                return line;
            waiting.Add((matches, seen));
        }
        Task exited = process.WaitForExitAsync();
        Task first = await Task.WhenAny(seen.Task, exited).WaitAsync(deadline ?? TimeSpan.FromSeconds(60));
        return first == seen.Task
            ? await seen.Task
            : throw new InvalidOperationException($"The process ended with {process.ExitCode} before it wrote the line:\n{Output}");
    }

    public Task WaitForExitAsync(TimeSpan deadline) => process.WaitForExitAsync().WaitAsync(deadline);

    /// <summary>Sends SIGKILL: the process gets no chance to clean up.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Sends a signal by its name, such as <c>TERM</c>, <c>STOP</c> or <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        lock (Running)
        {
            if (disposed)
                return;
            disposed = true;
            Running.Remove(this);
        }
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5_000);
        }
        process.Dispose();
    }

    /// <summary>A child ends with the thread that started it, so one thread that lasts as long as the test process starts them all.</summary>
    private static class Starter
    {
        private static readonly BlockingCollection<Action> starts = [];

        static Starter() => new Thread(() =>
        {
            foreach (Action start in starts.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "starts child processes" }.Start();

        public static void Run(Action start)
        {
            var done = new TaskCompletionSource();
            starts.Add(() =>
            {
                try
                {
                    start();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            });
            done.Task.GetAwaiter().GetResult();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (output)
        {
            output.Append(line).Append('\n');
            for (int index = waiting.Count - 1; index >= 0; index--)
            {
                if (waiting[index].Matches(line))
                {
                    waiting[index].Seen.TrySetResult(line);
                    waiting.RemoveAt(index);
                }
            }
        }
    }
}
