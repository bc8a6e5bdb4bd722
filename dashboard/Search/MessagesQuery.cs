namespace Surveillance.Dashboard.Search;

/// <summary>What the address of the page says.</summary>
/// <param name="Text">The query as typed; empty for every message.</param>
/// <param name="After">The cursor of the page before, or null.</param>
public sealed record MessagesQuery(string Text, string? After)
{
    /// <summary>The address.</summary>
    public string Url => "/messages" + (Text.Length == 0 && After is null ? "" : "?")
        + (Text.Length == 0 ? "" : "q=" + Uri.EscapeDataString(Text)) + (After is null ? "" : (Text.Length == 0 ? "" : "&") + "after=" + Uri.EscapeDataString(After));
}
