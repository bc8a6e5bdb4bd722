namespace Surveillance.Messages;

/// <summary>One reason why a line was refused. Carries names and numbers, never a value of the line.</summary>
/// <param name="Code">A stable word: <c>malformed-json</c>, <c>invalid-utf8</c>, <c>unknown-field</c>, <c>duplicate-field</c>, <c>wrong-type</c>, <c>missing-field</c>, <c>unknown-value</c>, <c>invalid-time</c>, <c>invalid-text</c>, <c>too-long</c>, <c>invalid-content</c>.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the place; empty for the whole line.</param>
/// <param name="Detail">A sentence that says what is wrong and what to write instead.</param>
public sealed record InputError(string Code, string Pointer, string Detail);

/// <summary>What a line turned out to be: exactly one of message, consent and errors.</summary>
public sealed class ReadLine
{
    /// <summary>The captured message, or null.</summary>
    public CapturedMessage? Message { get; init; }

    /// <summary>The consent line, or null.</summary>
    public ConsentEntry? Consent { get; init; }

    /// <summary>Every reason for refusing; empty when the line was read.</summary>
    public IReadOnlyList<InputError> Errors { get; init; } = [];

    /// <summary>The native id where the line had a readable one, also when it was refused.</summary>
    public string? Id { get; init; }
}
