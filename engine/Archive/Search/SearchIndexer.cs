using Microsoft.Extensions.Logging;
using Surveillance.Messages;

namespace Surveillance.Archive.Search;

/// <summary>How the indexer paces itself.</summary>
public sealed record SearchPace
{
    /// <summary>How many entries go into one transaction at most, from 1.</summary>
    public int Batch { get; init; } = 500;

    /// <summary>How long it rests after a batch while nothing else wants the machine, as a multiple of what the batch took.</summary>
    public double Rest { get; init; } = 0.5;

    /// <summary>The same while intake is busy: by default it works for a twentieth of the time.</summary>
    public double BusyRest { get; init; } = 19;

    /// <summary>How many entries a second make intake busy.</summary>
    public double BusyRate { get; init; } = 200;

    /// <summary>How long it waits for more at the end of the archive, so that messages that arrive one by one share a transaction.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often it looks after its file while nothing arrives.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Keeps the search index near the end of the archive without slowing what fills it.</summary>
/// <remarks>Start it once. A stop, or a kill, loses nothing: the index knows how far it is, and goes on there.</remarks>
/// <param name="archive">What it reads.</param>
/// <param name="index">What it fills.</param>
/// <param name="ids">Makes the ids of this data folder.</param>
/// <param name="isBusy">Whether something more urgent wants the machine now; asked before every batch.</param>
/// <param name="pace">How it paces itself.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Positions and kinds only.</param>
public sealed partial class SearchIndexer(IMessageArchive archive, ISearchIndex index, IdMaker ids, Func<bool> isBusy, SearchPace pace, TimeProvider time, ILogger<SearchIndexer> log)
    : ISearchUpkeep, IAsyncDisposable
{
    private const int MostMilliseconds = 30_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private Task? _running;
    private volatile bool _isDisposed;
    private volatile string? _trouble;
    private volatile TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Head, long At) _seen = (-1, 0);

    /// <inheritdoc />
    public string? Trouble => _trouble;

    /// <summary>Starts it where it does not run yet.</summary>
    public void Start()
    {
        lock (_starting)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }
            _running ??= Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async ValueTask RebuildAsync(CancellationToken cancel)
    {
        await index.ClearAsync(cancel).ConfigureAwait(false);
        Start();
        _wake.TrySetResult();
    }

    /// <summary>Indexes the next entries in one transaction.</summary>
    /// <param name="cancel">Gives up before anything is written.</param>
    /// <returns>How many entries the index went on by; 0 at the end of the archive.</returns>
    /// <exception cref="SearchUnavailableException">The index cannot be written; nothing changed.</exception>
    public async ValueTask<long> StepAsync(CancellationToken cancel)
    {
        var state = index.Read();
        if (!IsOfThisArchive(state))
        {
            LogOtherArchive(log, state.IndexedTo);
            await index.ClearAsync(cancel).ConfigureAwait(false); // it was made from another archive, or from a longer one
            state = index.Read();
        }
        if (archive.LastPosition <= state.IndexedTo)
        {
            index.Settle();
            return 0;
        }
        var (documents, end) = await ReadAsync(state, cancel).ConfigureAwait(false);
        return end.IndexedTo > state.IndexedTo && await index.AddAsync(state.IndexedTo, new SearchBatch(documents, end), cancel).ConfigureAwait(false)
            ? end.IndexedTo - state.IndexedTo
            : 0;
    }

    /// <summary>Stops it for good and waits until it has; a batch that is being written is finished.</summary>
    public async Task StopAsync()
    {
        if (!_isDisposed && !_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        if (_running is { } running)
        {
            await running.ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            await StopAsync().ConfigureAwait(false);
            _isDisposed = true; // whoever made it may know it by two names and let both go
            _stop.Dispose();
        }
    }

    private bool IsOfThisArchive(SearchIndexState state)
    {
        if (state.IndexedTo > archive.LastPosition)
        {
            return false;
        }
        try
        {
            return state.Entry == default || archive.Find(state.IndexedTo)?.Id == state.Entry;
        }
        catch (ArchiveDamagedException)
        {
            return true;
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var began = time.GetTimestamp();
                var moved = await StepAsync(cancel).ConfigureAwait(false);
                _trouble = null;
                pause = TimeSpan.FromSeconds(1);
                await (moved == 0 ? WaitAsync(cancel) : RestAsync(time.GetElapsedTime(began), cancel)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _trouble = e is SearchUnavailableException ? e.Message : e.GetType().Name;
                LogFailed(log, e.GetType().Name, (e.InnerException ?? e).GetType().Name, pause.TotalSeconds);
                await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause < TimeSpan.FromMinutes(1) ? pause * 2 : pause;
            }
        }
    }

    /// <summary>Waits until something arrives, and a little longer for what comes with it; but looks after the file now and then.</summary>
    private async Task WaitAsync(CancellationToken cancel)
    {
        var wake = _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var more = archive.WaitAsync(index.Read().IndexedTo, look.Token);
        await Task.WhenAny(more, wake.Task, Task.Delay(pace.Look, time, look.Token)).ConfigureAwait(false);
        await look.CancelAsync().ConfigureAwait(false);
        if (more.IsCompletedSuccessfully)
        {
            await Task.Delay(pace.Gather, time, cancel).ConfigureAwait(false);
        }
    }

    private Task RestAsync(TimeSpan worked, CancellationToken cancel)
    {
        var rest = worked * (IsBusy() ? pace.BusyRest : pace.Rest);
        return rest <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(rest.TotalMilliseconds < MostMilliseconds ? rest : TimeSpan.FromMilliseconds(MostMilliseconds), time, cancel);
    }

    private bool IsBusy()
    {
        var (head, now) = (archive.LastPosition, time.GetTimestamp());
        var seconds = _seen.Head < 0 ? 0 : time.GetElapsedTime(_seen.At, now).TotalSeconds;
        var arrived = head - _seen.Head;
        _seen = (head, now);
        return (seconds > 0 && arrived / seconds > pace.BusyRate) || isBusy();
    }

    private async ValueTask<(List<SearchDocument> Documents, SearchIndexState End)> ReadAsync(SearchIndexState state, CancellationToken cancel)
    {
        IReadOnlyList<ArchivedEntry> entries;
        try
        {
            entries = await archive.ReadAsync(state.IndexedTo, pace.Batch, cancel).ConfigureAwait(false);
        }
        catch (ArchiveDamagedException)
        {
            return await ReadOneAsync(state, cancel).ConfigureAwait(false);
        }
        var documents = new List<SearchDocument>(entries.Count);
        foreach (var entry in entries)
        {
            state = Read(entry, documents, state);
        }
        return (documents, state);
    }

    /// <summary>The next entry alone, after some entry near it could not be read.</summary>
    private async ValueTask<(List<SearchDocument> Documents, SearchIndexState End)> ReadOneAsync(SearchIndexState state, CancellationToken cancel)
    {
        var documents = new List<SearchDocument>(1);
        try
        {
            foreach (var entry in await archive.ReadAsync(state.IndexedTo, 1, cancel).ConfigureAwait(false))
            {
                state = Read(entry, documents, state);
            }
        }
        catch (ArchiveDamagedException)
        {
            LogSkipped(log, state.IndexedTo + 1);
            state = new SearchIndexState(state.IndexedTo + 1, default, state.Skipped + 1); // positions have no gaps
        }
        return (documents, state);
    }

    private SearchIndexState Read(ArchivedEntry entry, List<SearchDocument> documents, SearchIndexState state)
    {
        var skipped = 0;
        switch (entry.Kind)
        {
            case EntryKind.Message or EntryKind.Conflict:
                try
                {
                    documents.Add(SearchDocument.Of(entry, ids));
                }
                catch (ArchiveDamagedException)
                {
                    LogSkipped(log, entry.Position);
                    skipped = 1;
                }
                break;
            case EntryKind.Unreadable:
                skipped = 1;
                break;
        }
        return new SearchIndexState(entry.Position, entry.Id, state.Skipped + skipped);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entry {Position} cannot be read and is not in the search index")]
    private static partial void LogSkipped(ILogger log, long position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index speaks of another archive than this one (at entry {Position}); it is made anew")]
    private static partial void LogOtherArchive(ILogger log, long position);

    [LoggerMessage(Level = LogLevel.Error, Message = "The search index could not go on ({Kind}, {Cause}); trying again in {Seconds} s")]
    private static partial void LogFailed(ILogger log, string kind, string cause, double seconds);
}
