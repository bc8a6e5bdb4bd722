using Surveillance.Text;

namespace Surveillance.Rules;

/// <summary>A stretch of a message that made a condition hold.</summary>
/// <param name="Span">Where it is, in the words of <paramref name="Part"/> as captured.</param>
/// <param name="Part">The part of the message (<see cref="Messages.CapturedMessage.TextOf"/>); null means the text.</param>
/// <param name="Condition">JSON pointer of the condition in the rule file, such as <c>/when/all/1</c>.</param>
/// <param name="MessageId">Native id of another message of the conversation that the stretch lies in; null means the judged message.</param>
/// <param name="Position">Archive position of that other message; null means the judged message.</param>
public sealed record Evidence(TextSpan Span, string? Part, string Condition, string? MessageId = null, long? Position = null) : IComparable<Evidence>
{
    /// <summary>The most pieces of evidence that a condition or a match keeps.</summary>
    public const int Most = 200;

    /// <summary>Order: the judged message first, then by position, part, place and condition.</summary>
    /// <param name="other">Other evidence.</param>
    public int CompareTo(Evidence? other)
    {
        if (other is null)
        {
            return 1;
        }
        var order = Nullable.Compare(Position, other.Position);
        order = order != 0 ? order : string.CompareOrdinal(MessageId, other.MessageId);
        order = order != 0 ? order : string.CompareOrdinal(Part, other.Part);
        order = order != 0 ? order : Span.Start.CompareTo(other.Span.Start);
        order = order != 0 ? order : Span.End.CompareTo(other.Span.End);
        return order != 0 ? order : string.CompareOrdinal(Condition, other.Condition);
    }

    /// <summary>Puts evidence in order, each piece once, and keeps the first <see cref="Most"/>.</summary>
    /// <param name="evidence">Any evidence.</param>
    /// <param name="truncated">Whether some was left out.</param>
    internal static IReadOnlyList<Evidence> Tidy(IEnumerable<Evidence> evidence, out bool truncated)
    {
        var all = evidence.Distinct().Order().Take(Most + 1).ToList();
        truncated = all.Count > Most;
        return truncated ? all.GetRange(0, Most) : all;
    }

    /// <summary>Order as <see cref="CompareTo"/> says.</summary>
    public static bool operator <(Evidence left, Evidence right) => left.CompareTo(right) < 0;

    /// <summary>Order as <see cref="CompareTo"/> says.</summary>
    public static bool operator >(Evidence left, Evidence right) => left.CompareTo(right) > 0;

    /// <summary>Order as <see cref="CompareTo"/> says.</summary>
    public static bool operator <=(Evidence left, Evidence right) => left.CompareTo(right) <= 0;

    /// <summary>Order as <see cref="CompareTo"/> says.</summary>
    public static bool operator >=(Evidence left, Evidence right) => left.CompareTo(right) >= 0;
}
