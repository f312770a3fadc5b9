using Enneo.Core.Identity;

namespace Enneo.Tests.Identity;

public sealed class PasswordRulesTests
{
    private const string Email = "anna@example.test";

    [Theory]
    [InlineData("blaue Stühle im Regen")]
    [InlineData("пароль длинный")]
    [InlineData("🐢🐇🦊🐻🐼🐨🐯🦁")]
    [InlineData("        leading and trailing        ")]
    [InlineData("x7#kQ!pv")]
    public void AnythingLongEnoughIsTaken(string password) => Assert.Null(PasswordRules.ProblemWith(password, Email));

    [Fact]
    public void LongOnesAreTaken() => Assert.Null(PasswordRules.ProblemWith(string.Concat(Enumerable.Range(0, 250).Select(i => $"{i:000}x")), Email));

    [Theory]
    [InlineData("")]
    [InlineData("sevench")]
    [InlineData("🐢🐇🦊🐻🐼🐨🐯")]
    [InlineData("password")]
    [InlineData("Passwort123")]
    [InlineData("QWERTZUIOP")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababababab")]
    [InlineData("123456789")]
    [InlineData("abcdefghijkl")]
    [InlineData("Anna@Example.test")]
    public void WhatAnybodyWouldTryIsNot(string password) => Assert.NotNull(PasswordRules.ProblemWith(password, Email));

    [Fact]
    public void OnesBeyondAllMeasureAreNot() => Assert.NotNull(PasswordRules.ProblemWith(new string('x', 1001) + "yz", Email));

    [Fact]
    public void GeneratedOnesPass_AndDiffer()
    {
        var some = Enumerable.Range(0, 100).Select(_ => PasswordRules.Generate()).ToList();

        Assert.All(some, password => Assert.Null(PasswordRules.ProblemWith(password, Email)));
        Assert.Equal(100, some.Distinct().Count());
    }
}
