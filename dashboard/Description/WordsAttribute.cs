using Surveillance.Messages;

namespace Surveillance.Dashboard.Description;

/// <summary>A text of an answer or a body that is one of some words; the description lists them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordsAttribute(params string[] words) : Attribute
{
    /// <summary>The words of an enumeration as captured messages write them.</summary>
    /// <param name="of">The enumeration.</param>
    internal WordsAttribute(Type of) : this([.. (IReadOnlyList<string>)typeof(Names<>).MakeGenericType(of).GetProperty(nameof(Names<>.All))!.GetValue(null)!])
    {
    }

    /// <summary>The words of an enumeration as answers about alerts write them.</summary>
    /// <param name="of">The enumeration.</param>
    /// <param name="hyphenated">Whether hyphens part the words of a name.</param>
    internal WordsAttribute(Type of, bool hyphenated) : this([.. Enum.GetNames(of).Select(name => hyphenated ? ApiWord.Hyphenated(name) : name.ToLowerInvariant())])
    {
    }

    /// <summary>The words.</summary>
    internal IReadOnlyList<string> Words { get; } = words;
}

/// <summary>JSON that is written as it lies in the archive; the description gives it the shape of a type.</summary>
/// <param name="shape">The type.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapedLikeAttribute(Type shape) : Attribute
{
    /// <summary>The type.</summary>
    internal Type Shape { get; } = shape;
}

/// <summary>A text that is a time, RFC 3339.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MomentAttribute : Attribute;
