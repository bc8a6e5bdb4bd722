using Surveillance.Archive;
using Surveillance.Dashboard.Conversations;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Dashboard.Tests.Conversations;

public sealed class ConversationModelsTests
{
    private static readonly IdMaker Ids = new(new byte[32]);
    private static int s_position;

    private static ArchivedMessage Kept(CapturedMessage message) => new(++s_position, Ids.Message(message.NativeKey), message, message.SentAt);

    [Fact]
    public void Of_MessageChangedAndTakenBack_TellsBothAtTheMessage()
    {
        var said = Kept(A.Message("text me", id: "m"));
        var edit = Kept(A.Message("call me", kind: MessageKind.Edit) with { About = "m" });
        var revoke = Kept(A.Message(null, kind: MessageKind.Revoke) with { About = "m" });
        var models = ConversationModels.Of([said, edit, revoke], [], new HashSet<OpaqueId>(), null);
        Assert.Equal([MessageKind.Edit, MessageKind.Revoke], models[0].Later.Select(l => l.Kind));
        Assert.Equal((said.Id, (OpaqueId?)said.Id), (models[0].Entry.Id, models[1].About));
        Assert.False(models[1].IsNote);
        Assert.True(models[2].IsNote);
    }

    [Fact]
    public void Of_MessageThatSpeaksOfItself_IsShownAsItIs()
    {
        var said = Kept(A.Message("x", id: "m", kind: MessageKind.Edit) with { About = "m" });
        Assert.Empty(ConversationModels.Of([said], [], new HashSet<OpaqueId>(), null)[0].Later);
    }

    [Fact]
    public void Of_EvidenceInEveryPart_IsMarkedInThatPart()
    {
        var said = Kept(A.Message("body", subject: "subject", attachments: [new Attachment("name.txt", Text: "inside")]));
        PlacedMark At(string? part) => new(said.Id, part, new Mark(0, 4, 1));
        var model = ConversationModels.Of([said], [At(null), At("subject"), At("attachments/0/name"), At("attachments/0/text")], new HashSet<OpaqueId> { said.Id }, said.Id)[0];
        Assert.Equal("body", Marked(model.Text.SelectMany(b => b.Pieces)));
        Assert.Equal("subj", Marked(model.Subject!));
        Assert.Equal("name", Marked(model.Attachments[0].Name));
        Assert.Equal("insi", Marked(model.Attachments[0].Words));
        Assert.True(model is { IsMatch: true, IsShownMatch: true });
    }

    private static string Marked(IEnumerable<TextPiece> pieces) => string.Concat(pieces.Where(p => p.Marks.Count > 0).Select(p => p.Text));
}
