using System.Globalization;
using Microsoft.AspNetCore.Http;
using Surveillance.Accounts;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Dashboard.Conversations;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;
using Surveillance.Review;
using Surveillance.Rules;

namespace Surveillance.Dashboard.Alerts;

/// <summary>Reads everything that the page of an alert shows.</summary>
/// <param name="alerts">The alerts.</param>
/// <param name="messages">The archive.</param>
/// <param name="rules">The rules.</param>
/// <param name="frames">What people may do.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="time">The clock.</param>
public sealed class AlertPageReader(IAlertReader alerts, IMessageReader messages, IRuleStatus rules, PageFrameReader frames, IdMaker ids, TimeProvider time)
{
    private const int Around = 5;
    private const int Most = 200;
    private const int Step = 20;

    /// <summary>What the page shows, or null when there is no such alert.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The id as the address has it.</param>
    /// <param name="address">What the address asks for.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<AlertModel?> ReadAsync(HttpContext context, string id, AlertAddress address, CancellationToken cancel)
    {
        if (!OpaqueId.TryParse(id, out var alertId) || await alerts.FindAsync(alertId, cancel) is not { Members.Count: > 0 } alert)
        {
            return null;
        }
        var list = AlertListQuery.Parse(address.Ctx).Context;
        var index = Math.Clamp(address.Match ?? 0, 0, alert.Members.Count - 1);
        var member = alert.Members[index];
        var (before, after) = (Math.Clamp(address.Before ?? Around, 0, Most), Math.Clamp(address.After ?? Around, 0, Most));

        var scopes = await frames.ScopesAsync(context);
        // Matches grouped by sender may lie in several conversations, so each is asked for its own.
        var stretch = scopes.Contains(Scopes.MessagesRead) && await messages.FindAsync(member.Message, cancel) is { } matched
            ? await messages.ConversationAsync(ids.Conversation(matched.Message), matched.Position, before, after, cancel)
            : null;
        var numbers = new ConditionNumbers(member.Proof, alert.Members.SelectMany(m => m.Evidence));
        var (marks, anchors) = Place(alert, member, numbers, stretch?.Messages.Select(m => m.Id).ToHashSet() ?? []);
        var page = new AlertModel
        {
            Alert = alert,
            Member = member,
            MemberIndex = index,
            Messages = stretch is null ? [] : ConversationModels.Of(stretch.Messages, marks, alert.Members.Select(m => m.Message).ToHashSet(), member.Message),
            Numbers = numbers,
            Anchors = anchors,
            Rule = await rules.FindAsync(member.RuleId, member.RuleVersion, cancel),
            Context = list,
            Neighbours = await alerts.NeighboursAsync(alertId, list.Filter, list.Sort, cancel),
            Now = time.GetUtcNow(),
            CanDecide = scopes.Contains(Scopes.AlertsWrite),
            FocusHeading = context.Request.Cookies.ContainsKey("notice"),
        };
        return page with
        {
            Earlier = stretch is { HasEarlier: true } && before < Most ? page.Url(index, Math.Min(Most, before + Step), after) + "#m-" + stretch.Messages[0].Id : null,
            Later = stretch is { HasLater: true } && after < Most ? page.Url(index, before, Math.Min(Most, after + Step)) + "#m-" + stretch.Messages[^1].Id : null,
        };
    }

    private static (IReadOnlyList<PlacedMark> Marks, IReadOnlyDictionary<int, IReadOnlyList<string>> Anchors) Place(
        AlertDetail alert, AlertMember shown, ConditionNumbers numbers, HashSet<OpaqueId> visible)
    {
        var marks = new List<PlacedMark>();
        var anchors = new Dictionary<int, List<string>>();
        // The match that the page explains goes first, so that a number leads to its own evidence.
        foreach (var member in alert.Members.OrderBy(m => m == shown ? 0 : 1).ThenBy(m => m.Position))
        {
            foreach (var evidence in member.Evidence)
            {
                var message = OpaqueId.TryParse(evidence.Message, out var other) ? other : member.Message;
                var number = numbers.Find(evidence.Condition);
                if (number == 0 || !visible.Contains(message)
                    || marks.Exists(m => m.Message == message && m.Part == evidence.Part && m.Mark.Start == evidence.Start && m.Mark.End == evidence.End && m.Mark.Number == number))
                {
                    continue;
                }
                var anchor = "e-" + marks.Count.ToString(CultureInfo.InvariantCulture);
                marks.Add(new PlacedMark(message, evidence.Part, new Mark(evidence.Start, evidence.End, number, anchor)));
                if (!anchors.TryGetValue(number, out var list))
                {
                    anchors[number] = list = [];
                }
                list.Add(anchor);
            }
        }
        return (marks, anchors.ToDictionary(a => a.Key, a => (IReadOnlyList<string>)a.Value));
    }
}
