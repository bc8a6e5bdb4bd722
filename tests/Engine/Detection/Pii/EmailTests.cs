namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class EmailTests
{
    private const string Type = "email";

    [Theory]
    [InlineData("write to [ines@example.org], please")]
    [InlineData("[ines.carvalho+fund@mail.example.co.uk]")]
    [InlineData("<[ines@example.org]>")]
    [InlineData("mailto:[ines@example.org]")]
    [InlineData("email=[ines@example.org]")]
    [InlineData("'[ines@example.org]'")]
    [InlineData("[ines_c@example.org].")]
    [InlineData("[INES@EXAMPLE.ORG]")]
    [InlineData("[123456@qq.com]")]
    [InlineData("我的邮箱是[ines@example.org]谢谢")]
    [InlineData("[ｉｎｅｓ＠ｅｘａｍｐｌｅ．ｏｒｇ]")]
    [InlineData("[ines\u200B@example\u200B.org]")]
    [InlineData("[ines@xn--80ak6aa92e.com]")]
    [InlineData("Send to [ines@example.org].Thanks")]
    [InlineData("so...[ines@example.org]")]
    [InlineData("[ines@intranet.local]")]
    [InlineData("[ines@firm.wtf]")]
    [InlineData("[a@b.de], [c@d.fr]; [e@f.it]")]
    [InlineData("https is not [ines@example.org]")]
    [InlineData("⟦ines [at] example [dot] org⟧")]
    [InlineData("⟦ines(at)example.org⟧")]
    [InlineData("⟦ines [at] mail.example(dot)org⟧ ok")]
    [InlineData("⟦ines {at} example {dot} org⟧")]
    [InlineData("it is [ines at example dot org]")]
    public void Find_Valid_MarksIt(string marked) => Marked.AssertFinds(Type, marked);

    [Theory]
    [InlineData("ines@example")]
    [InlineData("ines@")]
    [InlineData("@example.org")]
    [InlineData("@ines thanks")]
    [InlineData("ines@@example.org")]
    [InlineData("in..es@example.org")]
    [InlineData(".ines@example.org")]
    [InlineData("ines.@example.org")]
    [InlineData("ines@exa_mple.org")]
    [InlineData("ines@192.0.2.1")]
    [InlineData("ines@-example.org")]
    [InlineData("user@2001:db8::1")]
    [InlineData("192.0.2.1@eth0")]
    [InlineData("5@10.50 each")]
    [InlineData("buy 100@25.5")]
    [InlineData("see you at ten dot")]
    [InlineData("meet at noon dot me")]
    [InlineData("the [at] sign")]
    [InlineData("(at) work")]
    [InlineData("connect the dot or dot the i")]
    [InlineData("hello-world here")]
    [InlineData("p@ssw0rd")]
    [InlineData("wh@tsapp me")]
    public void Find_LookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    [Fact]
    public void Find_Address_OwnsItsDomain() => Assert.Equal(Type, Assert.Single(Marked.Detect("ines@www.example.org/x")).Type);
}
