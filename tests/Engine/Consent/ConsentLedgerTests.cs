using Surveillance.Consent;
using Surveillance.Messages;

namespace Surveillance.Engine.Tests.Consent;

public sealed class ConsentLedgerTests
{
    private const string Client = "+4915112345678";
    private static readonly IdMaker Ids = new(new byte[32]);
    private readonly ConsentLedger _ledger = new(Ids.Person);
    private long _position;

    private static DateTimeOffset Day(int day) => new(2026, 3, day, 0, 0, 0, TimeSpan.Zero);

    private void Record(ConsentState state, int day, Channel? channel = null, string? account = null, string purpose = "marketing", string subject = Client) =>
        _ledger.Add(new ConsentEntry(subject, purpose, state, Day(day), channel, account), ++_position);

    private ConsentState? On(int day, Channel channel = Channel.WhatsApp, string? account = "a", string purpose = "marketing", long position = long.MaxValue) =>
        _ledger.At(position).Find(Ids.Person(Client), purpose, channel, account, Day(day))?.State;

    [Fact]
    public void Find_NothingRecorded_IsNull() => Assert.Null(On(5));

    [Fact]
    public void Find_LaterRecord_HoldsFromItsTime()
    {
        Record(ConsentState.Granted, 1);
        Record(ConsentState.Withdrawn, 10);
        Assert.Null(_ledger.At(9).Find(Ids.Person(Client), "marketing", Channel.WhatsApp, null, Day(1).AddTicks(-1)));
        Assert.Equal(ConsentState.Granted, On(1));
        Assert.Equal(ConsentState.Granted, On(9));
        Assert.Equal(ConsentState.Withdrawn, On(10));
    }

    [Fact]
    public void Find_RecordKnownLater_CountsFromItsPosition()
    {
        Record(ConsentState.Granted, 5);
        Record(ConsentState.Withdrawn, 2);
        Record(ConsentState.Withdrawn, 7);
        Assert.Equal(ConsentState.Granted, On(8, position: 2));
        Assert.Equal(ConsentState.Withdrawn, On(8, position: 3));
        Assert.Null(On(8, position: 0));
    }

    [Fact]
    public void Find_SameTime_TakesTheLaterPosition()
    {
        Record(ConsentState.Withdrawn, 5);
        Record(ConsentState.Granted, 5);
        Assert.Equal(ConsentState.Granted, On(5));
        Assert.Equal(ConsentState.Withdrawn, On(5, position: 1));
    }

    [Fact]
    public void Find_WithdrawnOnOneChannel_LeavesTheOthers()
    {
        Record(ConsentState.Granted, 1);
        Record(ConsentState.Withdrawn, 2, Channel.WhatsApp);
        Assert.Equal(ConsentState.Withdrawn, On(3));
        Assert.Equal(ConsentState.Granted, On(3, Channel.Email));
    }

    [Fact]
    public void Find_ObjectedOnOneChannel_HoldsOnEveryChannelUntilALaterGrant()
    {
        Record(ConsentState.Granted, 1);
        Record(ConsentState.Objected, 2, Channel.WhatsApp, "a");
        Record(ConsentState.SoftOptIn, 3);
        Assert.Equal(ConsentState.Objected, On(4, Channel.Email, "b"));
        Record(ConsentState.Granted, 5, Channel.Email);
        Assert.Equal(ConsentState.Granted, On(6, Channel.Email));
        Assert.Equal(ConsentState.Objected, On(6, Channel.WhatsApp));
        Record(ConsentState.Withdrawn, 7, Channel.Email);
        Assert.Equal(ConsentState.Withdrawn, On(8, Channel.Email));
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("+44 20 7946 0000", "+442079460000", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", null, false)]
    [InlineData(null, "a", true)]
    [InlineData(null, null, true)]
    public void Find_RecordOfAnAccount_CoversThatAccount(string? recorded, string? account, bool covered)
    {
        Record(ConsentState.Granted, 1, account: recorded);
        Assert.Equal(covered ? ConsentState.Granted : null, On(2, account: account));
    }

    [Fact]
    public void Find_OtherPurposeOrPerson_IsNull()
    {
        Record(ConsentState.Granted, 1, purpose: "service");
        Record(ConsentState.Granted, 1, subject: "+4915100000000");
        Assert.Null(On(2));
    }

    [Fact]
    public void Find_AddressTypedOtherwise_IsTheSamePerson()
    {
        Record(ConsentState.Withdrawn, 1, subject: "+49 151 12345678");
        Assert.Equal(new ConsentFinding(ConsentState.Withdrawn, Day(1), 1), _ledger.At(1).Find(Ids.Person("0049-151-12345678"), "marketing", Channel.Sms, null, Day(1)));
    }

    [Fact]
    public void Add_SameRecordTwice_KeepsOne()
    {
        var record = new ConsentRecord(Ids.Person(Client), "marketing", ConsentState.Granted, Day(1), null, null, 4);
        _ledger.Add(record);
        _ledger.Add(record with { });
        Assert.Equal(1, _ledger.Count);
        Assert.Single(_ledger.Of(Client));
    }

    [Fact]
    public void Find_RandomRecords_EqualsTheSlowTwin()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var ledger = new ConsentLedger(Ids.Person);
            var entries = Enumerable.Range(1, random.Next(1, 12)).Select(position => (Position: (long)position, Entry: new ConsentEntry(
                Client, "marketing", (ConsentState)random.Next(4), Day(random.Next(1, 9)), random.Next(2) == 0 ? null : (Channel)random.Next(1, 3), random.Next(2) == 0 ? null : "a"))).ToList();
            entries.ForEach(e => ledger.Add(e.Entry, e.Position));
            for (var look = 0; look < 20; look++)
            {
                var (day, channel, account, position) = (Day(random.Next(1, 9)), (Channel)random.Next(1, 3), random.Next(2) == 0 ? "a" : "b", (long)random.Next(0, 13));
                var known = entries.Where(e => e.Position <= position && e.Entry.At <= day).OrderBy(e => e.Entry.At).ThenBy(e => e.Position).ToList();
                var covering = known.Where(e => (e.Entry.Channel ?? channel) == channel && (e.Entry.Account ?? account) == account).ToList();
                var objection = known.FindLastIndex(e => e.Entry.State == ConsentState.Objected);
                var grant = known.FindLastIndex(e => e.Entry.State == ConsentState.Granted && covering.Contains(e));
                ConsentState? expected = objection > grant ? ConsentState.Objected : covering.Count > 0 ? covering[^1].Entry.State : null;
                Assert.Equal(expected, ledger.At(position).Find(Ids.Person(Client), "marketing", channel, account, day)?.State);
            }
        }
    }
}
