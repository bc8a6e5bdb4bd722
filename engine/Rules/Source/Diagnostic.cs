namespace Surveillance.Rules.Source;

/// <summary>How bad a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth a look; the file takes effect all the same.</summary>
    Warning,
    /// <summary>The file cannot take effect.</summary>
    Error,
}

/// <summary>A second place that explains a finding.</summary>
/// <param name="Span">Where it is.</param>
/// <param name="Message">What stands there.</param>
public sealed record RelatedPlace(SourceSpan Span, string Message);

/// <summary>One finding in a file of the rule book.</summary>
/// <param name="Code">E or W and three digits; stable.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Span">The smallest place that shows it.</param>
/// <param name="Message">A statement: lower case, no full stop, the author's own value shown.</param>
/// <param name="Note">Why it is so, or null.</param>
/// <param name="Help">What to write instead, or null.</param>
/// <param name="Related">A second place, or null.</param>
public sealed record Diagnostic(
    string Code, DiagnosticSeverity Severity, SourceSpan Span, string Message, string? Note = null, string? Help = null, RelatedPlace? Related = null);

/// <summary>Collects the findings of a rule book: of one file at most 200.</summary>
public sealed class Diagnostics
{
    private const int MostOfAFile = 200;

    private readonly List<Diagnostic> _items = [];
    private readonly Dictionary<SourceFile, int> _counts = [];

    /// <summary>The findings in order of file, then place.</summary>
    public IReadOnlyList<Diagnostic> Items =>
        [.. _items.OrderBy(d => d.Span.File.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Start).ThenBy(d => d.Code, StringComparer.Ordinal)];

    /// <summary>Whether a file cannot take effect.</summary>
    public bool HasErrors => _items.Exists(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>Adds an error.</summary>
    /// <param name="code">E and three digits.</param>
    /// <param name="span">The smallest place that shows it.</param>
    /// <param name="message">A statement: lower case, no full stop.</param>
    /// <param name="note">Why it is so, or null.</param>
    /// <param name="help">What to write instead, or null.</param>
    /// <param name="related">A second place, or null.</param>
    public void Error(string code, SourceSpan span, string message, string? note = null, string? help = null, RelatedPlace? related = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Error, span, message, note, help, related));

    /// <summary>Adds a warning.</summary>
    /// <param name="code">W and three digits.</param>
    /// <param name="span">The smallest place that shows it.</param>
    /// <param name="message">A statement: lower case, no full stop.</param>
    /// <param name="note">Why it is so, or null.</param>
    /// <param name="help">What to write instead, or null.</param>
    /// <param name="related">A second place, or null.</param>
    public void Warning(string code, SourceSpan span, string message, string? note = null, string? help = null, RelatedPlace? related = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Warning, span, message, note, help, related));

    /// <summary>Adds a finding. Of one file 200 are kept: a file with more is not read by anybody, and memory stays bounded.</summary>
    /// <param name="finding">The finding.</param>
    internal void Add(Diagnostic finding)
    {
        var count = _counts.GetValueOrDefault(finding.Span.File);
        if (count < MostOfAFile || (finding.Severity == DiagnosticSeverity.Error && !HasErrors))
        {
            _items.Add(finding);
        }
        _counts[finding.Span.File] = count + 1;
    }
}
