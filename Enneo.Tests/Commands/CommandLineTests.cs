using Enneo.Web.Commands;

namespace Enneo.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public void NothingStartsTheServer()
    {
        var line = CommandLine.Parse([]);

        Assert.Equal((null, null, false), (line.Command, line.Answer, line.IsDemo));
    }

    [Fact]
    public void TheDemoIsTheServerToo() => Assert.True(CommandLine.Parse(["--demo"]).IsDemo);

    [Fact]
    public void SettingsMayStandAnywhere()
    {
        var line = CommandLine.Parse(["--Enneo:DataDirectory", "/srv/mail", "mailbox", "status", "--json", "--Enneo:Urls=http://localhost:1", "--environment", "Development"]);

        Assert.Equal(["--Enneo:DataDirectory=/srv/mail", "--Enneo:Urls=http://localhost:1", "--environment=Development"], line.HostArguments);
        Assert.Equal("mailbox status", line.Command?.Definition.Name);
        Assert.True(line.Command?.Options.Has("--json"));
    }

    [Fact]
    public void AValueMayFollowOrBeJoined()
    {
        var line = CommandLine.Parse(["user", "add", "--email=a=b@example.test", "--role", "agent"]);

        Assert.Equal("a=b@example.test", line.Command?.Options["--email"]);
        Assert.Equal("agent", line.Command?.Options["--role"]);
        Assert.Null(line.Command?.Options.Find("--name"));
    }

    [Fact]
    public void OneWordMayFollowTheName()
    {
        var line = CommandLine.Parse(["restore", "/srv/backups", "--snapshot=20261125-023000-000"]);

        Assert.Equal(("restore", "/srv/backups"), (line.Command?.Definition.Name, line.Command?.Options.Operand));
        Assert.Equal("20261125-023000-000", line.Command?.Options.Find("--snapshot"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("user add --help")]
    public void HelpIsAnAnswer(string arguments) => Assert.Equal(0, CommandLine.Parse(arguments.Split(' ')).Answer?.ExitCode);

    [Theory]
    [InlineData("serve")]
    [InlineData("user")]
    [InlineData("--verbose")]
    [InlineData("--demo --verbose")]
    [InlineData("mailbox add --file")]
    [InlineData("mailbox status everything --json")]
    [InlineData("backup")]
    [InlineData("backup here there")]
    public void WhatIsNotUnderstoodIsAnAnswerToo(string arguments) => Assert.Equal(2, CommandLine.Parse(arguments.Split(' ')).Answer?.ExitCode);
}
