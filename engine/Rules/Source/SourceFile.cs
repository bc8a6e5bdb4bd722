namespace Surveillance.Rules.Source;

/// <summary>One file of the rule book with its words.</summary>
public sealed class SourceFile
{
    private int[]? _lineStarts;

    /// <summary>A file.</summary>
    /// <param name="path">As shown to people: from the rule folder's name on, parts by <c>/</c>, such as <c>rules/marketing/x.json</c>.</param>
    /// <param name="text">Its whole text.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
    }

    /// <summary>As shown to people, parts by <c>/</c>.</summary>
    public string Path { get; }

    /// <summary>Its whole text.</summary>
    public string Text { get; }

    /// <summary>Line and column of an offset, both from 1; columns count UTF-16 units.</summary>
    /// <param name="offset">UTF-16 offset into <see cref="Text"/>.</param>
    public (int Line, int Column) Place(int offset)
    {
        _lineStarts ??= [0, .. Enumerable.Range(0, Text.Length).Where(i => Text[i] == '\n').Select(i => i + 1)];
        var line = Array.BinarySearch(_lineStarts, offset);
        line = line < 0 ? ~line - 1 : line;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>The words of a line without its end.</summary>
    /// <param name="line">From 1.</param>
    public string Line(int line)
    {
        _ = Place(0);
        var start = _lineStarts![line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] - 1 : Text.Length;
        return Text[start..end].TrimEnd('\r');
    }
}

/// <summary>A stretch of a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">UTF-16 offset of the first unit.</param>
/// <param name="End">UTF-16 offset after the last unit.</param>
public readonly record struct SourceSpan(SourceFile File, int Start, int End);
