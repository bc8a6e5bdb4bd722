namespace Surveillance.Pipeline;

/// <summary>How far a partition is with what it was dealt. Thread-safe.</summary>
/// <param name="checkpoint">Everything of the partition up to this position was stored before the start.</param>
internal sealed class PartitionProgress(long checkpoint)
{
    private readonly Lock _lock = new();
    private long _stored = checkpoint, _dealt;

    /// <summary>Everything of the partition up to this position is stored.</summary>
    public long Stored
    {
        get { lock (_lock) { return _stored; } }
    }

    /// <summary>The end of the last piece dealt to it; 0 before the first.</summary>
    public long Dealt
    {
        get { lock (_lock) { return _dealt; } }
    }

    /// <summary>Whether everything dealt to it is stored.</summary>
    public bool IsIdle
    {
        get { lock (_lock) { return _stored >= _dealt; } }
    }

    /// <summary>Everything of the partition up to this position is stored, given how far every partition was dealt its part.</summary>
    /// <param name="dealtToAll">A position; read before the call.</param>
    public long StoredOf(long dealtToAll)
    {
        lock (_lock)
        {
            return _stored >= _dealt ? Math.Max(_stored, dealtToAll) : _stored;
        }
    }

    /// <summary>Notes a piece before it is dealt. Whoever is idle has nothing to do up to where it begins.</summary>
    /// <param name="after">Where the piece begins: everything before was dealt in pieces before it.</param>
    /// <param name="through">Where it ends.</param>
    public void Deal(long after, long through)
    {
        lock (_lock)
        {
            if (_stored >= _dealt)
            {
                _stored = Math.Max(_stored, after);
            }
            _dealt = Math.Max(_dealt, through);
        }
    }

    /// <summary>Notes what is stored; what is known to be stored already changes nothing.</summary>
    /// <param name="position">Everything up to it.</param>
    public void Store(long position)
    {
        lock (_lock)
        {
            _stored = Math.Max(_stored, position);
        }
    }
}
