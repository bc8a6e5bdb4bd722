namespace Surveillance.Engine.Tests.Detection.Pii;

public sealed class UrlTests
{
    private const string Type = "url";

    [Theory]
    [InlineData("see [https://www.example.org/rates?x=1#top], it is new")]
    [InlineData("[http://example.org]")]
    [InlineData("[HTTP://EXAMPLE.ORG/A]")]
    [InlineData("([https://example.org/a(b)])")]
    [InlineData("[https://example.org/a].")]
    [InlineData("<[https://example.org/a]>")]
    [InlineData("'[https://example.org/a]'")]
    [InlineData("请看[https://example.org/a]了解更多")]
    [InlineData("看[https://example.org/a]，谢谢")]
    [InlineData("[http://localhost:8080/#/1]")]
    [InlineData("[http://127.0.0.1:8080/a]")]
    [InlineData("[http://user:pw@example.org/]")]
    [InlineData("⟦http://[2001:db8::1]/⟧")]
    [InlineData("[https://example.photography]")]
    [InlineData("[ftp://ftp.example.org/pub]")]
    [InlineData("[www.example.org]")]
    [InlineData("[shop.example.com.sa]")]
    [InlineData("[www.example.org/a/b.html] there")]
    [InlineData("go to [example.com/offers]")]
    [InlineData("[example.co.uk/rates]")]
    [InlineData("our site is [example.com]")]
    [InlineData("like [bit.ly/3xYz]")]
    [InlineData("访问[s7.am]")]
    [InlineData("[https://t.me/joinchat/abc]")]
    [InlineData("[https://wa.me/447700900123]")]
    [InlineData("hxxp defanged [hxxp://example.org/bad]")]
    [InlineData("text[http://example.org]")]
    [InlineData("[ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｏｒｇ]")]
    public void Find_Valid_MarksIt(string marked) => Marked.AssertFinds(Type, marked);

    [Theory]
    [InlineData("http://")]
    [InlineData("http://# is wrong")]
    [InlineData("http://362")]
    [InlineData("http://host")]
    [InlineData("httt://example")]
    [InlineData("main.rs and lib.py")]
    [InlineData("open readme.md")]
    [InlineData("run deploy.sh")]
    [InlineData("os.system(cmd)")]
    [InlineData("obj.name = x.info(1)")]
    [InlineData("ASP.NET and Node.js")]
    [InlineData("System.IO.File")]
    [InlineData("report_final.com_2")]
    [InlineData("see q3.xlsx")]
    [InlineData("C:\\temp\\a.com")]
    [InlineData("/usr/lib/x.so")]
    [InlineData("done.it was late")]
    [InlineData("ok.so what")]
    [InlineData("Thanks.Me too")]
    [InlineData("hello..world")]
    [InlineData("e.g. this, i.e. that, U.S. and p.m.")]
    [InlineData("3.14 and 1.2.3")]
    [InlineData("working..")]
    [InlineData("$x.org")]
    [InlineData("ines@example.org")]
    [InlineData("john.doe@example.org")]
    [InlineData("v1.2.3-rc.1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("www. example")]
    [InlineData("lets drink.pa then")]
    [InlineData("edit sendmail.cf and local.pm")]
    [InlineData("meine Tel.Nr.: 030 1234567")]
    [InlineData("wget -O info.sh http://")]
    public void Find_LookAlike_MarksNothing(string text) => Marked.AssertFindsNothing(Type, text);

    [Fact]
    public void Find_UrlOfAnAddress_OwnsItsHost()
    {
        var hit = Assert.Single(Marked.Detect("http://192.0.2.44:8080/login"));
        Assert.Equal(Type, hit.Type);
        Assert.Contains(hit.Alternatives ?? [], a => a.Type == "ip-address");
    }
}
