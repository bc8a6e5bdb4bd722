using System.Globalization;

namespace Surveillance.Dashboard.Commands;

/// <summary>One line of progress on a terminal, drawn again in place; nothing where standard error is no terminal.</summary>
/// <param name="error">Standard error.</param>
internal sealed class ProgressLine(TextWriter error)
{
    private readonly bool _draws = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private string _last = "";

    /// <summary>Draws the line when it has changed.</summary>
    internal void Show(string stage, long done, long of)
    {
        if (!_draws)
        {
            return;
        }
        const int width = 30;
        var filled = of <= 0 ? 0 : (int)Math.Clamp(done * width / of, 0, width);
        var line = string.Create(CultureInfo.InvariantCulture, $"{stage,-10} [{new string('#', filled)}{new string('.', width - filled)}] {done:N0} of {of:N0}");
        if (line != _last)
        {
            error.Write("\r" + line.PadRight(_last.Length));
            _last = line;
        }
    }

    /// <summary>Leaves the line.</summary>
    internal void Finish()
    {
        if (_draws && _last.Length > 0)
        {
            error.WriteLine();
            _last = "";
        }
    }
}
