using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Surveillance.Tests.Drills;

/// <summary>Where a process starts and what it finds there.</summary>
/// <param name="WorkingDirectory">Its current folder; null for the system's temporary one.</param>
/// <param name="Environment">Variables beside those of the tests.</param>
public sealed record ProcessPlace(string? WorkingDirectory = null, IReadOnlyDictionary<string, string>? Environment = null);

/// <summary>The real program in a process of its own, over a data folder.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];
    private readonly Process _process;

    private ServiceProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>What it printed so far, both streams.</summary>
    public string Output => string.Join('\n', StandardOutput, StandardError);

    /// <summary>What it printed to standard output so far.</summary>
    public string StandardOutput
    {
        get { lock (_output) { return string.Join('\n', _output); } }
    }

    /// <summary>What it printed to standard error so far.</summary>
    public string StandardError
    {
        get { lock (_error) { return string.Join('\n', _error); } }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The program beside the running test.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "surveillance.dll");

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static Task<ServiceProcess> ServeAsync(string data, int port, CancellationToken cancel, params string[] more) =>
        ServeAsync(new ProcessPlace(), port, ["--data", data, "--urls", $"http://127.0.0.1:{port}", .. more], cancel);

    /// <summary>Starts <c>serve</c> with some arguments in some place and waits until it is ready.</summary>
    /// <param name="place">Where it starts.</param>
    /// <param name="port">Where it is expected to listen, on loopback.</param>
    /// <param name="arguments">What follows <c>serve</c>.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<ServiceProcess> ServeAsync(ProcessPlace place, int port, string[] arguments, CancellationToken cancel)
    {
        var url = $"http://127.0.0.1:{port}";
        var service = new ServiceProcess(Start(["serve", .. arguments], place), url);
        service.Listen();
        try
        {
            await service.WaitUntilReadyAsync(cancel);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, CancellationToken cancel, string? input = null, ProcessPlace? place = null)
    {
        using var process = Start(arguments, place, input is not null);
        await using var stop = cancel.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        if (input is not null)
        {
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // it ended without reading everything; its exit code says why
            }
        }
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A client with a token.</summary>
    public HttpClient Client(string token) => new()
    {
        BaseAddress = new Uri(Url),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it as a service manager does, with SIGTERM; gives the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancel)
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(cancel);
        }
        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private static Process Start(string[] arguments, ProcessPlace? place, bool input = false)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = input, WorkingDirectory = place?.WorkingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in place?.Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The service stopped with {_process.ExitCode}:\n{Output}");
            }
            try
            {
                using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancel);
                if (response.IsSuccessStatusCode && StandardOutput.Contains("\nSign in: ", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
            await Task.Delay(50, cancel);
        }
    }

    private void Listen()
    {
        static DataReceivedEventHandler Keep(List<string> lines) => (_, e) =>
        {
            if (e.Data is not null)
            {
                lock (lines) { lines.Add(e.Data); }
            }
        };
        _process.OutputDataReceived += Keep(_output);
        _process.ErrorDataReceived += Keep(_error);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
