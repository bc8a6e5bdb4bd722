using System.Threading.Channels;

namespace Surveillance.Pipeline;

/// <summary>What an actor reads: bounded, in order, one reader. A sender waits while it is full.</summary>
/// <typeparam name="T">An immutable batch or question.</typeparam>
/// <param name="capacity">How many items it holds, from 1.</param>
public sealed class Mailbox<T>(int capacity)
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>How many items wait.</summary>
    public int Depth => _channel.Reader.Count;

    /// <summary>Puts an item in, waiting while the mailbox is full.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public ValueTask SendAsync(T item, CancellationToken cancel) => _channel.Writer.WriteAsync(item, cancel);

    /// <summary>Says that nothing more comes; what is in it is still read.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>The next item when one waits already.</summary>
    /// <param name="item">The item, or the default.</param>
    public bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item) => _channel.Reader.TryRead(out item);

    /// <summary>Completes when an item waits; false when nothing more comes.</summary>
    /// <param name="cancel">Stops waiting.</param>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _channel.Reader.WaitToReadAsync(cancel);

    /// <summary>The items in order until the mailbox is complete and empty.</summary>
    /// <param name="cancel">Stops reading.</param>
    public IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancel) => _channel.Reader.ReadAllAsync(cancel);
}
