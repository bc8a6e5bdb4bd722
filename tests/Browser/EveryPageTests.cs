using Microsoft.Playwright;
using Surveillance.Browser.Tests.Staged;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Browser.Tests;

/// <summary>Every page in every state: nothing keeps anybody out, nothing sticks out, no error on the console.</summary>
public sealed class EveryPageTests(Chromium chromium, FullStage full, EmptyStage empty) : IClassFixture<FullStage>, IClassFixture<EmptyStage>
{
    public static TheoryData<string> Names => [.. Pages.Keys];

    private static readonly Dictionary<string, Func<FullStage, EmptyStage, string>> Pages = new()
    {
        ["home"] = (full, empty) => full.Url + "/",
        ["home-empty"] = (full, empty) => empty.Url + "/",
        ["alerts"] = (full, empty) => full.Url + "/alerts",
        ["alerts-compact"] = (full, empty) => full.Url + "/alerts?density=compact&sort=newest&status=all",
        ["alerts-filtered"] = (full, empty) => full.Url + "/alerts?severity=high&severity=critical&channel=whatsapp",
        ["alerts-empty"] = (full, empty) => empty.Url + "/alerts",
        ["alerts-nothing-meets"] = (full, empty) => full.Url + "/alerts?severity=low&rule=bank-details-out&channel=sms",
        ["alerts-none-escalated"] = (full, empty) => full.Url + "/alerts?status=escalated",
        ["alert"] = (full, empty) => full.Url + "/alerts/" + full.Stage.OffChannel,
        ["alert-mail"] = (full, empty) => full.Url + "/alerts/" + full.Stage.MailAlert,
        ["alert-consent"] = (full, empty) => full.Url + "/alerts/" + full.Stage.Consent,
        ["alert-hostile"] = (full, empty) => full.Url + "/alerts/" + full.Stage.Hostile,
        ["conversation"] = (full, empty) => full.Url + "/conversations/" + full.Stage.Conversation,
        ["messages"] = (full, empty) => full.Url + "/messages",
        ["messages-found"] = (full, empty) => full.Url + "/messages?q=" + Uri.EscapeDataString("whatsapp channel:whatsapp"),
        ["messages-bad-query"] = (full, empty) => full.Url + "/messages?q=" + Uri.EscapeDataString("offer form:shah chanel:email \"rate of"),
        ["messages-nothing-meets"] = (full, empty) => full.Url + "/messages?q=zanzibar",
        ["messages-empty"] = (full, empty) => empty.Url + "/messages",
        ["rules"] = (full, empty) => full.Url + "/rules",
        ["rule"] = (full, empty) => full.Url + "/rules/off-channel-move",
        ["quarantine"] = (full, empty) => full.Url + "/quarantine",
        ["quarantine-empty"] = (full, empty) => empty.Url + "/quarantine",
        ["jobs"] = (full, empty) => full.Url + "/jobs",
        ["jobs-empty"] = (full, empty) => empty.Url + "/jobs",
        ["jobs-past-the-end"] = (full, empty) => full.Url + "/jobs?after=1",
        ["job"] = (full, empty) => full.Url + "/jobs/" + full.Stage.Finished,
        ["job-filtered"] = (full, empty) => full.Url + "/jobs/" + full.Stage.Finished + "?kind=gained&rule=off-channel-move",
        ["job-nothing-meets"] = (full, empty) => full.Url + "/jobs/" + full.Stage.Finished + "?kind=lost&rule=card-number-in-chat",
        ["job-running"] = (full, empty) => full.Url + "/jobs/" + full.Stage.Running,
        ["job-broken"] = (full, empty) => full.Url + "/jobs/" + full.Stage.Broken,
        ["job-not-there"] = (full, empty) => full.Url + "/jobs/4711",
        ["health"] = (full, empty) => full.Url + "/health",
        ["health-empty"] = (full, empty) => empty.Url + "/health",
        ["keys"] = (full, empty) => full.Url + "/help/keys",
        ["not-there"] = (full, empty) => full.Url + "/alerts/aaaaaaaaaaaaaaaaaaaaaaaaaa",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_LightAndDarkWideAndNarrow_IsAccessibleAndFits(string name)
    {
        await using var visit = await Visit.StartAsync(chromium.Browser, full.Url);
        await visit.Page.GotoAsync(Pages[name](full, empty));
        await Assertions.Expect(visit.Page.Locator("html.scripted")).ToHaveCountAsync(1);
        if (name.EndsWith("not-there", StringComparison.Ordinal))
        {
            visit.ForgiveErrors(); // a status of 404 is an error to the console
        }
        await visit.LookAsync(name);
    }
}

/// <summary>A host with an ordinary day on its stage.</summary>
public sealed class FullStage : IAsyncLifetime
{
    private StagedHost? _host;

    internal Stage Stage => _host!.Stage;

    internal StagedWorld World => _host!.World;

    internal ManualTime Time { get; } = new(new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero));

    internal string Url => _host!.Url;

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => _host = await StagedHost.StartAsync(new Stage(Time).Fill(extra: 12), Time);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _host!.DisposeAsync();
}

/// <summary>A host with nothing on its stage.</summary>
public sealed class EmptyStage : IAsyncLifetime
{
    private StagedHost? _host;

    internal string Url => _host!.Url;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var time = new ManualTime();
        _host = await StagedHost.StartAsync(new Stage(time), time);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _host!.DisposeAsync();
}
