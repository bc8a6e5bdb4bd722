using Surveillance.Messages;

namespace Surveillance.Consent;

/// <summary>One thing a data subject said about being contacted for a purpose. Holds no address.</summary>
/// <param name="Person">The data subject.</param>
/// <param name="Purpose">A lower-case word such as <c>marketing</c>.</param>
/// <param name="State">What was said.</param>
/// <param name="At">From when it holds, UTC.</param>
/// <param name="Channel">The channel it speaks of; null means all.</param>
/// <param name="Account">The firm's account it speaks of; null means all.</param>
/// <param name="Position">The archive position from which it is known.</param>
public sealed record ConsentRecord(OpaqueId Person, string Purpose, ConsentState State, DateTimeOffset At, Channel? Channel, string? Account, long Position);

/// <summary>What holds for a data subject, with the record that says so.</summary>
/// <param name="State">The state.</param>
/// <param name="At">From when it holds, UTC.</param>
/// <param name="Position">The archive position of the record.</param>
public sealed record ConsentFinding(ConsentState State, DateTimeOffset At, long Position);

/// <summary>What data subjects agreed to, as known at one archive position. Immutable and thread-safe.</summary>
public interface IConsentView
{
    /// <summary>The id of the person behind an address; records hold ids only.</summary>
    /// <param name="address">An address as captured.</param>
    OpaqueId PersonOf(string address);

    /// <summary>What holds for a person, or null when nothing is recorded that covers the channel and account.</summary>
    /// <remarks>
    /// The newest record (by time, then position) that covers the channel and the account holds. An objection, whatever channel and account it was
    /// made on, holds everywhere until a later grant that covers the channel and the account.
    /// </remarks>
    /// <param name="person">The person.</param>
    /// <param name="purpose">The purpose.</param>
    /// <param name="channel">The channel of the contact.</param>
    /// <param name="account">The firm's account that the contact uses; null is covered only by records that speak of all accounts.</param>
    /// <param name="asOf">The time of the contact; what holds only from later does not count.</param>
    ConsentFinding? Find(OpaqueId person, string purpose, Channel channel, string? account, DateTimeOffset asOf);
}
