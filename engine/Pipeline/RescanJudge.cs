using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rescan;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>Judges messages of one partition by another revision than the one that judged them, as far as the two differ. Used by one thread at a time.</summary>
/// <remarks>
/// What the detectors found is taken from what is stored as long as the same detectors run. A message is judged with the archive as
/// its partition knows it now, as if the newer revision had judged it from the first and every late message and consent record since.
/// </remarks>
/// <param name="archive">Where conversations are read.</param>
/// <param name="ledger">Consent.</param>
/// <param name="revisions">What judged.</param>
/// <param name="matchedRules">Ids of the rules that have matches.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
internal sealed class RescanJudge(IMessageArchive archive, ConsentLedger ledger, RevisionHistory revisions, Func<IReadOnlyList<string>> matchedRules, IdMaker ids)
{
    private readonly MatchMaker _matches = new(ids);

    /// <summary>Earlier messages of the piece's conversations as the target's detectors see them, so that each is detected once.</summary>
    private readonly Dictionary<long, ConversationEntry> _detected = [];

    private (long Before, long After, RevisionDelta Delta) _delta = (-1, -1, null!);

    /// <summary>Judges a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="stored">What is stored of its messages.</param>
    /// <param name="knownTo">The position up to which the partition knows the archive.</param>
    /// <exception cref="ConversationUnavailableException">The archive could not be read.</exception>
    public RescanBatch Judge(RescanPiece piece, IReadOnlyDictionary<long, StoredJudgement> stored, long knownTo)
    {
        var target = revisions.Of(piece.Scope.Activation);
        var judged = new List<RescannedMessage>();
        int unchanged = 0, skipped = 0;
        foreach (var entry in piece.Entries)
        {
            if (!stored.TryGetValue(entry.Position, out var before) || !IsCovered(piece, entry))
            {
                skipped++;
                continue;
            }
            var delta = Delta(before.By.Activation, target);
            var differing = before.By.Activation > target.Activation ? NoRules : Differing(before.By, delta, target, piece.Scope.Request.Verify);
            var rules = Asked(differing, piece.Scope.Request.Rules);
            if (rules.Count == 0)
            {
                unchanged++;
                continue;
            }
            judged.Add(JudgeSafely(entry, before, delta, target, rules, rules.Count == differing.Count, knownTo));
        }
        _detected.Clear();
        return new RescanBatch(
            piece.Run, piece.Partition, piece.Through, target.Activation, piece.Scope.Request.DryRun, piece.IsRetry ? [.. piece.Entries.Select(e => e.Position)] : [],
            judged, unchanged, skipped);
    }

    private static readonly HashSet<string> NoRules = [];

    private static bool IsCovered(RescanPiece piece, ArchivedEntry entry)
    {
        if (piece.Scope.Request.Channels.Count == 0)
        {
            return true;
        }
        try
        {
            return piece.Covers(entry.ReadMessage().Channel);
        }
        catch (ArchiveDamagedException)
        {
            return true; // judging it says so
        }
    }

    private RevisionDelta Delta(long before, ActiveRevision target)
    {
        if (_delta.Before != before || _delta.After != target.Activation)
        {
            _delta = (before, target.Activation, revisions.Find(before) is { } known
                ? RevisionDelta.Between(known.Revision, target.Revision) : RevisionDelta.Unknown(matchedRules(), target.Revision));
        }
        return _delta.Delta;
    }

    private IReadOnlySet<string> Differing(JudgedBy by, RevisionDelta delta, ActiveRevision target, bool verify)
    {
        var differing = verify ? delta.All : delta.Rules;
        if (by.Rules.Count == 0)
        {
            return differing;
        }
        var rules = differing.ToHashSet(StringComparer.Ordinal);
        foreach (var (rule, activation) in by.Rules)
        {
            if (activation > target.Activation)
            {
                rules.Remove(rule); // judged by something newer already
            }
            else if (verify || revisions.Find(activation) is not { } own || RevisionDelta.Differs(rule, own.Revision, target.Revision))
            {
                rules.Add(rule);
            }
            else
            {
                rules.Remove(rule);
            }
        }
        return rules;
    }

    private static IReadOnlySet<string> Asked(IReadOnlySet<string> differing, IReadOnlyList<string> asked) =>
        asked.Count == 0 || differing.Count == 0 ? differing : differing.Where(asked.Contains).ToHashSet(StringComparer.Ordinal);

    private RescannedMessage JudgeSafely(
        ArchivedEntry entry, StoredJudgement before, RevisionDelta delta, ActiveRevision target, IReadOnlySet<string> rules, bool isWhole, long knownTo)
    {
        var result = new RescannedMessage { Position = entry.Position, Id = entry.Id, SentAt = entry.SentAt, KnownTo = Math.Max(knownTo, entry.Position), Rules = rules, IsWhole = isWhole };
        using var prepared = Prepare(entry, before, delta, target.Revision.Detectors, result.KnownTo);
        if (prepared.Fault is { } fault)
        {
            return result with { Failure = fault.Detail };
        }
        try
        {
            IConversationView view = target.Revision.LooksAtConversations ? new ArchivedConversation(archive, prepared, target.Revision.Detectors, _detected) : EmptyConversation.Instance;
            var evaluation = Evaluator.Evaluate(prepared.Message!, prepared.Hits, entry.Position, view, ledger.At(result.KnownTo), target.Revision, rules);
            var place = new JudgedPlace(entry.Position, entry.Id, entry.Conversation, prepared.Message!.Message, result.KnownTo);
            return result with
            {
                Matches = evaluation.Matches.Count == 0 ? [] : [.. evaluation.Matches.Select(m => _matches.Make(m, place))],
                NotEvaluated = [.. before.NotEvaluated.Where(r => !rules.Contains(r)).Concat(evaluation.NotEvaluated.Select(n => n.Rule.Id)).Order(StringComparer.Ordinal)],
                ConsentLookups = evaluation.ConsentLookups.Count == 0 ? [] : [.. evaluation.ConsentLookups.Select(l => l.Person).Distinct()],
                NewHits = delta.HasSameDetectors ? null : HitsJson.Store(prepared.Hits) ?? HitsJson.Write(MessageHits.None),
            };
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ConversationUnavailableException))
        {
            return result with { Failure = QuarantineReasons.Of("evaluation-failed", e).Detail };
        }
    }

    private static PreparedEntry Prepare(ArchivedEntry entry, StoredJudgement before, RevisionDelta delta, DetectorSet detectors, long knownTo)
    {
        if (!delta.HasSameDetectors)
        {
            return PreparedEntry.Of(entry, detectors, knownTo, again: true);
        }
        MessageHits hits;
        try
        {
            hits = HitsJson.Restore(before.Hits);
        }
        catch (System.Text.Json.JsonException)
        {
            return PreparedEntry.Of(entry, detectors, knownTo, again: true); // an older version of the program wrote them
        }
        return PreparedEntry.OfDetected(entry, hits, knownTo);
    }
}
