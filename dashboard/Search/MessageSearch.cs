using System.Globalization;
using Surveillance.Archive;
using Surveillance.Archive.Search;
using Surveillance.Audit;
using Surveillance.Messages;
using Surveillance.Pipeline;
using Surveillance.Review;

namespace Surveillance.Dashboard.Search;

/// <summary>A message that a search found.</summary>
/// <param name="Position">The position of its entry.</param>
/// <param name="Id">Our id of it.</param>
/// <param name="Entry">The message; null when the archive does not give it (any longer).</param>
/// <param name="Conversation">Our id of its conversation; the default without the message.</param>
/// <param name="Evidence">Where the words asked for stand in it; null when none were asked for.</param>
/// <param name="Alerts">The alerts that have a match in it; null when the person may not know.</param>
public sealed record FoundMessage(long Position, OpaqueId Id, ArchivedMessage? Entry, OpaqueId Conversation, SearchEvidence? Evidence, IReadOnlyList<OpaqueId>? Alerts);

/// <summary>How far the index is.</summary>
/// <param name="IndexedTo">The position up to which messages can be found.</param>
/// <param name="Head">The position of the last entry kept.</param>
/// <param name="Skipped">How many entries could not be read and are not in it.</param>
/// <param name="Trouble">What keeps it from going on, or null.</param>
public sealed record IndexProgress(long IndexedTo, long Head, long Skipped, string? Trouble);

/// <summary>What a search came to.</summary>
public abstract record SearchOutcome
{
    /// <summary>Some messages.</summary>
    /// <param name="Items">The messages, kept last first.</param>
    /// <param name="Next">Cursor of those after them, or null.</param>
    /// <param name="Total">How many there are, at most <see cref="ISearchIndex.CountLimit"/>; null where counting took too long.</param>
    /// <param name="Progress">How far the index is.</param>
    public sealed record Found(IReadOnlyList<FoundMessage> Items, string? Next, int? Total, IndexProgress Progress) : SearchOutcome;

    /// <summary>The query is not well formed.</summary>
    /// <param name="Errors">Everything that is wrong; never empty.</param>
    public sealed record BadQuery(IReadOnlyList<SearchError> Errors) : SearchOutcome;

    /// <summary>The cursor is unreadable or belongs to another query.</summary>
    public sealed record CursorMismatch : SearchOutcome;

    /// <summary>It took longer than a search may.</summary>
    public sealed record TooSlow : SearchOutcome;

    /// <summary>The index cannot be read now.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record Unavailable(string Why) : SearchOutcome;
}

/// <summary>Searches messages for people and programs alike: audited where it looks for a person, bounded in time, with the words read from the archive.</summary>
/// <param name="index">The index.</param>
/// <param name="upkeep">What fills it.</param>
/// <param name="messages">The archive.</param>
/// <param name="alerts">The alerts.</param>
/// <param name="audit">Who did what.</param>
/// <param name="pipeline">How far the archive is.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="time">The clock.</param>
public sealed class MessageSearch(
    ISearchIndex index, ISearchUpkeep upkeep, IMessageReader messages, IAlertReader alerts, IAuditLog audit, IPipelineStatus pipeline, IdMaker ids, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Searches.</summary>
    /// <param name="text">The query as typed.</param>
    /// <param name="after">The cursor of the page before, or null.</param>
    /// <param name="count">How many messages at most, 1 to 200.</param>
    /// <param name="actor">Who searches, as the audit log writes it.</param>
    /// <param name="withAlerts">Whether the person may know of alerts.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <exception cref="AuditUnavailableException">The search for a person could not be written down, so it did not happen.</exception>
    public async Task<SearchOutcome> FindAsync(string text, string? after, int count, string actor, bool withAlerts, CancellationToken cancel)
    {
        var parsed = SearchQueryParser.Parse(text);
        if (parsed.Query is not { } query)
        {
            return new SearchOutcome.BadQuery(parsed.Errors);
        }
        await AuditAsync(query, actor, cancel);
        using var late = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var progress = ReadProgress();
            // On a thread of its own: SQLite does not wait asynchronously.
            if (await Task.Run(async () => await index.FindAsync(query, after, count, stop.Token), cancel) is not { } page)
            {
                return new SearchOutcome.CursorMismatch();
            }
            var total = after is null && page.Next is null ? page.Hits.Count : await CountAsync(query, stop.Token, cancel);
            return new SearchOutcome.Found(await ReadAsync(page.Hits, query, withAlerts, cancel), page.Next, total, progress);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SearchOutcome.TooSlow();
        }
        catch (SearchUnavailableException e)
        {
            return new SearchOutcome.Unavailable(e.Message);
        }
    }

    /// <summary>How far the index is.</summary>
    /// <exception cref="SearchUnavailableException">The index cannot be read now.</exception>
    public IndexProgress ReadProgress()
    {
        var state = index.Read(); // first, so that it is never ahead of the archive
        return new IndexProgress(state.IndexedTo, pipeline.Read().Head, state.Skipped, upkeep.Trouble);
    }

    /// <summary>Throws the index away and fills it again.</summary>
    /// <param name="actor">Who asks for it, as the audit log writes it.</param>
    /// <param name="cancel">Gives up before anything is thrown away.</param>
    /// <exception cref="SearchUnavailableException">The file cannot be made anew.</exception>
    public async Task RebuildAsync(string actor, CancellationToken cancel)
    {
        await audit.AppendAsync(new AuditEntry(actor, "search.rebuild", "index:search", null, time.GetUtcNow()), cancel);
        await upkeep.RebuildAsync(cancel);
    }

    private async Task<int?> CountAsync(SearchQuery query, CancellationToken stop, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(async () => await index.CountAsync(query, stop), cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null; // the page is there, and stays useful without
        }
    }

    /// <summary>Writes down who looked for whom: ids under the folder's secret key, never a word of the query.</summary>
    private async Task AuditAsync(SearchQuery query, string actor, CancellationToken cancel)
    {
        var asked = query.Persons.GroupBy(p => p.IdOf(ids)).ToList();
        if (asked.Count == 0)
        {
            return;
        }
        var whole = ids.Entry('q', query.ToString());
        foreach (var person in asked)
        {
            var sides = string.Join(", ", person.Select(p => p.Side.ToString().ToLowerInvariant()).Distinct());
            await audit.AppendAsync(
                new AuditEntry(actor, "person.search", "person:" + person.Key, string.Create(CultureInfo.InvariantCulture, $"field {sides} of query {whole}"), time.GetUtcNow()), cancel);
        }
    }

    private async Task<IReadOnlyList<FoundMessage>> ReadAsync(IReadOnlyList<SearchHit> hits, SearchQuery query, bool withAlerts, CancellationToken cancel)
    {
        var found = await ReadMessagesAsync([.. hits.Select(h => h.Id)], cancel);
        var raised = withAlerts ? await alerts.AlertsOfAsync([.. hits.Select(h => h.Position)], cancel) : null;
        return [.. hits.Select(hit =>
        {
            var entry = found.GetValueOrDefault(hit.Id);
            return new FoundMessage(
                hit.Position, hit.Id, entry, entry is null ? default : ids.Conversation(entry.Message), entry is null ? null : SearchEvidence.Find(entry.Message, query.Words),
                raised is null ? null : raised.GetValueOrDefault(hit.Position) ?? []);
        })];
    }

    private async Task<IReadOnlyDictionary<OpaqueId, ArchivedMessage>> ReadMessagesAsync(OpaqueId[] wanted, CancellationToken cancel)
    {
        try
        {
            return await messages.FindManyAsync(wanted, cancel);
        }
        catch (ArchiveDamagedException) when (wanted.Length > 1)
        {
            var found = new Dictionary<OpaqueId, ArchivedMessage>(); // one of them cannot be read: each for itself
            foreach (var id in wanted)
            {
                foreach (var (key, message) in await ReadMessagesAsync([id], cancel))
                {
                    found[key] = message;
                }
            }
            return found;
        }
        catch (ArchiveDamagedException)
        {
            return new Dictionary<OpaqueId, ArchivedMessage>();
        }
    }
}
