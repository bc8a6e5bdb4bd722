using System.Globalization;
using Surveillance.Backups;

namespace Surveillance.Dashboard.Commands;

/// <summary>One line of progress on a terminal, drawn again in place; nothing where standard error is no terminal.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan NotOftenerThan = TimeSpan.FromMilliseconds(50);

    private readonly TextWriter _error;
    private readonly bool _draws;
    private readonly TimeProvider _time;
    private string _last = "", _stage = "";
    private DateTimeOffset _begun, _drawn;

    /// <summary>A line on standard error.</summary>
    /// <param name="error">Standard error.</param>
    internal ProgressLine(TextWriter error)
        : this(error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null, TimeProvider.System)
    {
    }

    /// <summary>A line that is drawn or not.</summary>
    internal ProgressLine(TextWriter error, bool draws, TimeProvider time) => (_error, _draws, _time) = (error, draws, time);

    /// <summary>Draws the line when it has changed.</summary>
    internal void Show(string stage, long done, long of) => Draw(stage, done, of, string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {of:N0}"));

    /// <summary>Draws a step of a backup or a restore, with its rate and the time left at that rate.</summary>
    internal void Show(BackupStep step)
    {
        if (_draws && step.Stage != _stage)
        {
            (_stage, _begun, _drawn) = (step.Stage, _time.GetUtcNow(), default);
        }
        if (!_draws || (step.Done < step.Of && _time.GetUtcNow() - _drawn < NotOftenerThan))
        {
            return;
        }
        _drawn = _time.GetUtcNow();
        Draw(step.Stage, step.Done, step.Of, Words(step, _drawn - _begun));
    }

    /// <summary>Leaves the line.</summary>
    internal void Finish()
    {
        if (_draws && _last.Length > 0)
        {
            _error.WriteLine();
            _last = "";
        }
    }

    /// <summary>How much is done, how fast, and how long the rest takes; the latter two once a second's worth is known.</summary>
    internal static string Words(BackupStep step, TimeSpan since)
    {
        if (step.Of == 0)
        {
            return "…";
        }
        var (unit, words) = step.InBytes ? (1e6, "MB") : (1, "entries");
        var text = step.InBytes
            ? string.Create(CultureInfo.InvariantCulture, $"{step.Done / unit:N1} of {step.Of / unit:N1} {words}")
            : string.Create(CultureInfo.InvariantCulture, $"{step.Done:N0} of {step.Of:N0} {words}");
        if (since < TimeSpan.FromSeconds(1) || step.Done == 0)
        {
            return text;
        }
        var rate = step.Done / since.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Ceiling((step.Of - step.Done) / rate));
        return text + string.Create(CultureInfo.InvariantCulture, $", {rate / unit:N0} {words}/s, {(left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min" : left.TotalMinutes >= 1 ? $"{left.Minutes} min {left.Seconds} s" : $"{left.Seconds} s")} left");
    }

    private void Draw(string stage, long done, long of, string words)
    {
        if (!_draws)
        {
            return;
        }
        const int width = 30;
        var filled = of <= 0 ? 0 : (int)Math.Clamp(done * width / of, 0, width);
        var line = $"{stage,-10} [{new string('#', filled)}{new string('.', width - filled)}] {words}";
        if (line != _last)
        {
            _error.Write("\r" + line.PadRight(_last.Length));
            _last = line;
        }
    }
}
