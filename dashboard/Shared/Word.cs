using Surveillance.Messages;

namespace Surveillance.Dashboard.Shared;

/// <summary>The JSON word of a value, for classes, data attributes and addresses.</summary>
public static class Word
{
    /// <summary>The word.</summary>
    /// <param name="value">A defined value.</param>
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.Of(value);
}
