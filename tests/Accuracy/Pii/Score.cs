using System.Globalization;

namespace Surveillance.Accuracy.Tests.Pii;

/// <summary>Counts of spans that are right to the character.</summary>
internal sealed class Score
{
    /// <summary>Spans to find.</summary>
    internal int Gold { get; set; }

    /// <summary>Spans found.</summary>
    internal int Found { get; set; }

    /// <summary>Spans found that are among those to find, with the same type, start and end.</summary>
    internal int Exact { get; set; }

    /// <summary>Exact F1; 1 where there is nothing to find and nothing found.</summary>
    internal double F1 => Gold + Found == 0 ? 1 : 2.0 * Exact / (Gold + Found);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{F1:0.000} ({Exact} exact of {Gold}, {Found} found)");
}
