using System.Globalization;
using Surveillance.Messages;
using Surveillance.Review;

namespace Surveillance.Dashboard.Alerts;

/// <summary>The words of alerts as people read them.</summary>
public static class AlertWords
{
    /// <summary>The name of a severity.</summary>
    /// <param name="severity">The severity.</param>
    public static string Of(Severity severity) => severity.ToString();

    /// <summary>The name of a status.</summary>
    /// <param name="status">The status.</param>
    public static string Of(AlertStatus status) => status.ToString();

    /// <summary>The name of a standing.</summary>
    /// <param name="standing">The standing.</param>
    public static string Of(Standing standing) => standing == Standing.Raised ? "Raised today" : "No longer raised";

    /// <summary>The name of a disposition.</summary>
    /// <param name="disposition">The disposition.</param>
    public static string Of(Disposition disposition) => disposition == Disposition.TruePositive ? "True positive" : "False positive";

    /// <summary>The JSON word of a disposition.</summary>
    /// <param name="disposition">The disposition.</param>
    public static string CodeOf(Disposition disposition) => disposition == Disposition.TruePositive ? "true-positive" : "false-positive";

    /// <summary>The name of a channel as its maker writes it.</summary>
    /// <param name="channel">The channel.</param>
    public static string Of(Channel channel) => channel switch
    {
        Channel.Email => "E-mail",
        Channel.Sms => "SMS",
        Channel.WhatsApp => "WhatsApp",
        Channel.WeChat => "WeChat",
        Channel.WeCom => "WeCom",
        _ => channel.ToString(),
    };

    /// <summary>The name of a rule family.</summary>
    /// <param name="family">Its word, such as <c>off-channel</c>.</param>
    public static string Family(string family) => family.Length == 0 ? "" : char.ToUpperInvariant(family[0]) + family[1..].Replace('-', ' ');

    /// <summary>A count that stops at <see cref="IAlertReader.CountLimit"/>.</summary>
    /// <param name="count">The count.</param>
    public static string Count(int count) => count >= IAlertReader.CountLimit ? "10,000+" : count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What a person did, as "closed this as false positive: Benign context".</summary>
    /// <param name="status">The status after it.</param>
    /// <param name="disposition">The disposition after it.</param>
    /// <param name="reason">The reason's code, or null.</param>
    public static string Did(AlertStatus status, Disposition? disposition, string? reason) => status switch
    {
        AlertStatus.Closed when disposition is { } d => "closed this as " + Of(d).ToLowerInvariant() + (reason is null ? "" : ": " + Reasons.TitleOf(reason).ToLowerInvariant()),
        AlertStatus.Closed => "closed this",
        AlertStatus.Escalated => "escalated this",
        AlertStatus.Held => "put this on hold",
        _ => "changed this",
    };

    /// <summary>An event as a sentence without its subject, such as "closed it as true positive: Policy breach".</summary>
    /// <param name="happened">The event.</param>
    public static string Of(AlertEvent happened) => happened.Kind switch
    {
        AlertEventKind.Opened => "Opened by a match",
        AlertEventKind.Joined => "Another match joined",
        AlertEventKind.Decided when happened.Disposition is { } d => "Closed as " + Of(d).ToLowerInvariant() + (happened.Reason is { } reason ? ": " + Reasons.TitleOf(reason).ToLowerInvariant() : ""),
        AlertEventKind.Decided => "Closed",
        AlertEventKind.Escalated => "Escalated" + (happened.EscalatedTo is { } to ? " to " + to : ""),
        AlertEventKind.Undone => "Decision taken back; " + Of(happened.Status).ToLowerInvariant() + " again",
        AlertEventKind.Reopened => "Opened again",
        AlertEventKind.NoLongerRaised => "No match holds any longer",
        AlertEventKind.RaisedAgain => "A match holds again",
        _ => happened.Kind.ToString(),
    };
}
