namespace Surveillance.Rules.Source;

/// <summary>A JSON value that knows where it stands.</summary>
/// <param name="Span">From its first to its last character, quotes and brackets included.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) from the root of the file; empty for the root.</param>
public abstract record SourceNode(SourceSpan Span, string Pointer);

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name, unescaped.</param>
/// <param name="NameSpan">Where the name stands, quotes included.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceMember(string Name, SourceSpan NameSpan, SourceNode Value);

/// <summary>An object. Members keep their order; of members with the same name the first counts.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Members">Its members.</param>
public sealed record SourceObject(SourceSpan Span, string Pointer, IReadOnlyList<SourceMember> Members) : SourceNode(Span, Pointer)
{
    /// <summary>The member of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public SourceMember? Find(string name) => Members.FirstOrDefault(m => m.Name == name);
}

/// <summary>A list.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Items">Its items.</param>
public sealed record SourceArray(SourceSpan Span, string Pointer, IReadOnlyList<SourceNode> Items) : SourceNode(Span, Pointer);

/// <summary>A text.</summary>
/// <param name="Span">Where it stands, quotes included.</param>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Value">The text, unescaped.</param>
/// <param name="Offsets">For each unit of <paramref name="Value"/> its offset in the file, and one more for the closing quote.</param>
public sealed record SourceString(SourceSpan Span, string Pointer, string Value, IReadOnlyList<int> Offsets) : SourceNode(Span, Pointer);

/// <summary>A number.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceNumber(SourceSpan Span, string Pointer, double Value) : SourceNode(Span, Pointer);

/// <summary>True or false.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Pointer">JSON pointer.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceBoolean(SourceSpan Span, string Pointer, bool Value) : SourceNode(Span, Pointer);

/// <summary>Null.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Pointer">JSON pointer.</param>
public sealed record SourceNull(SourceSpan Span, string Pointer) : SourceNode(Span, Pointer);
