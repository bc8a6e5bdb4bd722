using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Surveillance.Archive;
using Surveillance.Messages;
using Surveillance.Storage.Sqlite;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Storage;

/// <summary>What the verification of an archive finds when its file was changed behind the program's back.</summary>
public sealed class SqliteArchiveEvidenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("archive.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_EveryKindOfEntry_IsClean()
    {
        var seal = await FillAsync();
        var verdict = Verify();
        Assert.Equal([], verdict.Flaws);
        Assert.Equal((25, 25), (verdict.Entries, verdict.LastPosition));
        Assert.Equal(seal, verdict.Seal);
    }

    [Fact]
    public void Verify_EmptyArchive_IsCleanWithASealOfZeros()
    {
        using (Open()) { }
        var verdict = Verify();
        Assert.Equal((true, 0, new string('0', 64)), (verdict.IsClean, verdict.LastPosition, verdict.Seal));
    }

    [Fact]
    public async Task Verify_AnotherKey_FindsEveryMessageAndConsentLine()
    {
        await FillAsync();
        var verdict = Verify(new IdMaker(Encoding.ASCII.GetBytes("another secret of thirty-two letters")));
        Assert.Equal([ArchiveFlawKind.ShellAltered], verdict.Flaws.Select(f => f.Kind).Distinct());
        Assert.Equal(24, verdict.FlawCount); // all but the activation
    }

    [Theory]
    [InlineData("UPDATE contents SET body = CAST(replace(CAST(body AS TEXT), 'morning', 'evening') AS BLOB) WHERE position = 3", "Altered 3")]
    [InlineData("UPDATE entries SET leaf = zeroblob(32) WHERE position = 3", "Altered 3, SealBroken 1")]
    [InlineData("DELETE FROM contents WHERE position = 3", "ContentMissing 3")]
    [InlineData("DELETE FROM entries WHERE position = 3", "Missing 3, SealBroken 1, ContentStray 3")]
    [InlineData("DELETE FROM entries WHERE position IN (4, 5); DELETE FROM contents WHERE position IN (4, 5)", "Missing 4, SealBroken 1")]
    [InlineData("DELETE FROM entries WHERE position = 25; DELETE FROM contents WHERE position = 25", "Unsealed 21, Truncated 25")]
    [InlineData("DELETE FROM seals WHERE position = 25", "Unsealed 21")]
    [InlineData("DELETE FROM seals WHERE position = 10", "SealBroken 1")]
    [InlineData("UPDATE seals SET hash = zeroblob(32) WHERE position = 10", "SealBroken 1, SealBroken 11")]
    [InlineData("UPDATE entries SET sent_at = sent_at + 1 WHERE position = 3", "ShellAltered 3")]
    [InlineData("UPDATE entries SET conversation = zeroblob(16) WHERE position = 3", "ShellAltered 3")]
    [InlineData("UPDATE entries SET partition = (partition + 1) % 64 WHERE position = 3", "ShellAltered 3")]
    [InlineData("UPDATE entries SET id = zeroblob(16) WHERE position = 3", "ShellAltered 3")]
    [InlineData("UPDATE entries SET kind = 4 WHERE position = 3", "ShellAltered 3")]
    [InlineData("UPDATE entries SET kind = 1 WHERE position = 3", "Unreadable 3")]
    [InlineData("UPDATE entries SET kind = 9 WHERE position = 3", "Unreadable 3")]
    [InlineData("UPDATE contents SET body = x'09' WHERE position = 3; UPDATE entries SET leaf = unhex('2b4c342f5433ebe591a1da77e013d1b72475562d48578dca8b84bac6651c3cb9') WHERE position = 3", "Unreadable 3, SealBroken 1")]
    [InlineData("UPDATE envelopes SET body = x'00'", "EnvelopeAltered 1")]
    public async Task Verify_ChangedFile_SaysWhatAndWhere(string sql, string finds)
    {
        await FillAsync();
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // rows of this test
            command.CommandText = sql;
#pragma warning restore CA2100
            Assert.True(command.ExecuteNonQuery() > 0);
        }
        var verdict = Verify();
        Assert.Equal(finds, string.Join(", ", verdict.Flaws.Select(f => $"{f.Kind} {f.Position}")));
        Assert.Equal(verdict.Flaws.Count, verdict.FlawCount);
        Assert.All(verdict.Flaws, f => Assert.DoesNotContain("evening", f.Says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_WhileEntriesAreAdded_SeesOneMoment()
    {
        await FillAsync();
        await using var archive = new SqliteMessageArchive(Path, A.Ids, TimeProvider.System);
        using var evidence = SqliteArchiveEvidence.Open(Path);
        await archive.AppendAsync([ArchiveItem.Of(A.Message(), default, A.Ids)], null, default);
        var verdict = ArchiveVerifier.Verify(evidence, A.Ids, null, default);
        Assert.Equal((true, 25), (verdict.IsClean, verdict.LastPosition));
        Assert.Equal(26, archive.LastPosition);
    }

    [Fact]
    public async Task Verify_Cancelled_GivesUp()
    {
        await using (var archive = new SqliteMessageArchive(Path, A.Ids, TimeProvider.System))
        {
            await archive.AppendAsync([.. Enumerable.Range(0, 1_500).Select(_ => ArchiveItem.Of(A.Message(), default, A.Ids))], null, default);
        }
        using var evidence = SqliteArchiveEvidence.Open(Path);
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => ArchiveVerifier.Verify(evidence, A.Ids, null, cancel.Token));
    }

    private ArchiveVerdict Verify(IdMaker? ids = null)
    {
        using var evidence = SqliteArchiveEvidence.Open(Path);
        return ArchiveVerifier.Verify(evidence, ids ?? A.Ids, null, default);
    }

    private SqliteOpened Open() => new(new SqliteMessageArchive(Path, A.Ids, TimeProvider.System));

    /// <summary>Twenty-five entries in commits of ten, ten and five: messages, a conflict, a consent line, something unreadable in an envelope, an activation.</summary>
    private async Task<string> FillAsync()
    {
        await using (var archive = new SqliteMessageArchive(Path, A.Ids, TimeProvider.System))
        {
            await archive.AppendAsync([.. Enumerable.Range(1, 10).Select(i => Item("m" + i, "good morning"))], null, default);
            await archive.AppendAsync([.. Enumerable.Range(11, 10).Select(i => Item("m" + i, "good morning"))], null, default);
            var body = Encoding.UTF8.GetBytes("{\"entry\":[17]}");
            await archive.AppendAsync(
                [
                    Item("m1", "good night"),
                    ArchiveItem.Of(new ConsentEntry("+447700900123", "marketing", ConsentState.Granted, A.Start, null, null, null), default, A.Ids),
                    ArchiveItem.Unreadable(Encoding.UTF8.GetBytes("17"), A.Start, A.Ids),
                    new ArchiveItem { Kind = EntryKind.Activation, Id = A.Ids.Entry('r', "x"), SentAt = A.Start, Canonical = Encoding.UTF8.GetBytes("{}") },
                    Item("m21", "good morning"),
                ],
                new Envelope(Channel.WhatsApp, SHA256.HashData(body), "valid", body), default);
        }
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT lower(hex(hash)) FROM seals ORDER BY position DESC";
        return (string)command.ExecuteScalar()!;
    }

    private static ArchiveItem Item(string id, string text)
    {
        var message = A.Message(text, id);
        return ArchiveItem.Of(message, CapturedMessageJson.Write(message), A.Ids);
    }

    private sealed class SqliteOpened(SqliteMessageArchive archive) : IDisposable
    {
        public void Dispose() => archive.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
