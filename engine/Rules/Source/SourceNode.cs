using System.Globalization;

namespace Surveillance.Rules.Source;

/// <summary>The way from the root of a file to a value. Linked, so that a deep value costs no more than a shallow one.</summary>
public sealed class SourcePath
{
    private readonly SourcePath? _parent;
    private readonly string? _name;
    private readonly int _index;

    private SourcePath(SourcePath? parent, string? name, int index) => (_parent, _name, _index) = (parent, name, index);

    /// <summary>The root.</summary>
    public static SourcePath Root { get; } = new(null, null, 0);

    /// <summary>The way to a member.</summary>
    /// <param name="name">Its name, unescaped.</param>
    public SourcePath Member(string name) => new(this, name, 0);

    /// <summary>The way to an item.</summary>
    /// <param name="index">Its number, from 0.</param>
    public SourcePath Item(int index) => new(this, null, index);

    /// <summary>JSON pointer (RFC 6901); empty for the root.</summary>
    public override string ToString()
    {
        var steps = new Stack<string>();
        for (var at = this; at._parent is not null; at = at._parent)
        {
            steps.Push(at._name?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) ?? at._index.ToString(CultureInfo.InvariantCulture));
        }
        return string.Concat(steps.Select(step => "/" + step));
    }
}

/// <summary>A JSON value that knows where it stands.</summary>
/// <param name="Span">From its first to its last character, quotes and brackets included.</param>
/// <param name="Path">The way to it.</param>
public abstract record SourceNode(SourceSpan Span, SourcePath Path)
{
    /// <summary>JSON pointer (RFC 6901) from the root of the file; empty for the root.</summary>
    public string Pointer => Path.ToString();
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name, unescaped.</param>
/// <param name="NameSpan">Where the name stands, quotes included.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceMember(string Name, SourceSpan NameSpan, SourceNode Value);

/// <summary>An object. Members keep their order; of members with the same name the first counts.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Members">Its members.</param>
public sealed record SourceObject(SourceSpan Span, SourcePath Path, IReadOnlyList<SourceMember> Members) : SourceNode(Span, Path)
{
    /// <summary>The member of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public SourceMember? Find(string name) => Members.FirstOrDefault(m => m.Name == name);
}

/// <summary>A list.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Items">Its items.</param>
public sealed record SourceArray(SourceSpan Span, SourcePath Path, IReadOnlyList<SourceNode> Items) : SourceNode(Span, Path);

/// <summary>A text.</summary>
/// <param name="Span">Where it stands, quotes included.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Value">The text, unescaped.</param>
/// <param name="Offsets">For each unit of <paramref name="Value"/> its offset in the file, and one more for the closing quote.</param>
public sealed record SourceString(SourceSpan Span, SourcePath Path, string Value, IReadOnlyList<int> Offsets) : SourceNode(Span, Path);

/// <summary>A number.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceNumber(SourceSpan Span, SourcePath Path, double Value) : SourceNode(Span, Path);

/// <summary>True or false.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Value">Its value.</param>
public sealed record SourceBoolean(SourceSpan Span, SourcePath Path, bool Value) : SourceNode(Span, Path);

/// <summary>Null.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
public sealed record SourceNull(SourceSpan Span, SourcePath Path) : SourceNode(Span, Path);

/// <summary>Something that is no JSON value and was reported as such: whoever meets it says nothing more.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Path">The way to it.</param>
public sealed record SourceUnreadable(SourceSpan Span, SourcePath Path) : SourceNode(Span, Path);
