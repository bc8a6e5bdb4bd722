using Surveillance.Dashboard.Conversations;

namespace Surveillance.Dashboard.Shared;

/// <summary>Short words from outside, made safe to stand in a line of ours.</summary>
public static class Visible
{
    /// <summary>The words with signs that cannot be seen, or would turn the line round, written out as <c>[RLO]</c>; at most 200 units.</summary>
    /// <param name="words">A name, an address, a file name.</param>
    public static string Of(string words) => string.Concat(
        MessageText.Snippet(words, [], 200).Select(p => p.IsSign ? "[" + p.Text + "]" : p.Left > 0 ? "…" : p.Text));
}
