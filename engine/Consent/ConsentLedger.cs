using System.Collections.Concurrent;
using Surveillance.Messages;

namespace Surveillance.Consent;

/// <summary>Every consent record in memory, by person. Records are only ever added, so that what was known at any position can be told again.</summary>
/// <remarks>Thread-safe; a reader sees each record whole or not at all.</remarks>
/// <param name="personOf">The id of the person behind an address, such as <see cref="IdMaker.Person"/>; a pure function.</param>
public sealed class ConsentLedger(Func<string, OpaqueId> personOf)
{
    private readonly ConcurrentDictionary<OpaqueId, ConsentRecord[]> _records = new();
    private long _count;

    /// <summary>How many records there are.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The id of the person behind an address.</summary>
    /// <param name="address">An address as captured.</param>
    public OpaqueId PersonOf(string address) => personOf(address);

    /// <summary>Adds what a consent line says.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="position">The archive position from which it is known.</param>
    public void Add(ConsentEntry entry, long position) =>
        Add(new ConsentRecord(personOf(entry.Subject), entry.Purpose, entry.State, entry.At, entry.Channel, entry.Account, position));

    /// <summary>Adds a record. Adding the same record again changes nothing.</summary>
    /// <param name="record">The record.</param>
    public void Add(ConsentRecord record)
    {
        var added = true;
        _records.AddOrUpdate(
            record.Person,
            static (_, r) => [r],
            (_, known, r) =>
            {
                added = !known.Contains(r);
                return added ? [.. known.Where(k => Order(k, r) <= 0), r, .. known.Where(k => Order(k, r) > 0)] : known;
            },
            record);
        if (added)
        {
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>The records of a person, oldest first by time, then position.</summary>
    /// <param name="address">The person's address.</param>
    public IReadOnlyList<ConsentRecord> Of(string address) => _records.TryGetValue(personOf(address), out var records) ? records : [];

    /// <summary>What was known at a position. Records that are added later do not show in it, as long as they come with later positions.</summary>
    /// <param name="position">The archive position; records at it are known.</param>
    public IConsentView At(long position) => new View(this, position);

    private static int Order(ConsentRecord a, ConsentRecord b)
    {
        var order = a.At.CompareTo(b.At);
        return order != 0 ? order : a.Position.CompareTo(b.Position);
    }

    private sealed class View(ConsentLedger ledger, long position) : IConsentView
    {
        public OpaqueId PersonOf(string address) => ledger.PersonOf(address);

        public ConsentFinding? Find(OpaqueId person, string purpose, Channel channel, string? account, DateTimeOffset asOf)
        {
            if (!ledger._records.TryGetValue(person, out var records))
            {
                return null;
            }
            ConsentRecord? newest = null;
            for (var i = records.Length - 1; i >= 0; i--)
            {
                var record = records[i];
                if (record.Position > position || record.At > asOf || record.Purpose != purpose)
                {
                    continue;
                }
                var covers = (record.Channel is null || record.Channel == channel) && (record.Account is null || (account is not null && SameAccount(record.Account, account)));
                if (record.State == ConsentState.Objected)
                {
                    newest = record; // nothing later that covers the contact was a grant
                    break;
                }
                if (!covers)
                {
                    continue;
                }
                newest ??= record;
                if (record.State == ConsentState.Granted)
                {
                    break; // an older objection ended here
                }
            }
            return newest is null ? null : new ConsentFinding(newest.State, newest.At, newest.Position);
        }

        private static bool SameAccount(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase) || PersonKey.Of(a) == PersonKey.Of(b);
    }
}
