using System.Net;
using Enneo.Web.Identity;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Identity;

public sealed class SignInThrottleTests
{
    private const string Anna = "anna@example.test";
    private const string Ben = "ben@example.test";

    private static readonly IPAddress s_here = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress s_there = IPAddress.Parse("198.51.100.2");

    private readonly FakeTimeProvider _clock = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_clock);

    [Fact]
    public void AFewSlipsCostNothing()
    {
        Fail(4, Anna, s_here);

        Assert.Equal(new SignInWait(null, TimeSpan.Zero), _throttle.Begin(Anna, s_here));
    }

    [Fact]
    public void ThenEachFailureCostsTwiceTheWaitOfTheLast()
    {
        List<double> waits = [];
        Fail(4, Anna, s_here);
        for (var i = 0; i < 12; i++)
        {
            Fail(1, Anna, s_here);
            waits.Add(_throttle.Begin(Anna, s_here).Refused!.Value.TotalSeconds);
            _clock.Advance(_throttle.Begin(Anna, s_here).Refused!.Value);
        }

        Assert.Null(_throttle.Begin(Anna, s_here).Refused);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], waits);
    }

    [Fact]
    public void NobodyElseIsRefused()
    {
        Fail(50, Anna, s_here);

        Assert.Null(_throttle.Begin(Anna, s_there).Refused);
    }

    [Fact]
    public void AnAccountThatIsGuessedAtFromEverywhere_WaitsForSeconds()
    {
        for (var i = 0; i < 200; i++)
        {
            Fail(1, Anna, IPAddress.Parse($"203.0.113.{i}"));
        }

        var wait = _throttle.Begin(Anna, s_there);
        Assert.Null(wait.Refused);
        Assert.InRange(wait.Hold, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void AnAddressThatGuessesAtMany_IsHeldUpAndThenRefused()
    {
        for (var i = 0; i < 50; i++)
        {
            Fail(1, $"person{i}@example.test", s_here);
        }

        Assert.InRange(_throttle.Begin(Ben, s_here).Hold, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        for (var i = 50; i < 120; i++)
        {
            Fail(1, $"person{i}@example.test", s_here);
        }

        Assert.InRange(_throttle.Begin(Ben, s_here).Refused ?? TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Assert.Null(_throttle.Begin(Ben, s_there).Refused);
    }

    [Fact]
    public void ManyTriesAtOnceAreNoWayAround()
    {
        var begun = Enumerable.Range(0, 50).Select(_ => _throttle.Begin(Anna, s_here)).ToList(); // none has failed yet

        Assert.Equal(5, begun.Count(wait => wait.Refused is null));
    }

    [Fact]
    public void WhoAlwaysKnowsThePassword_NeverWaits()
    {
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(new SignInWait(null, TimeSpan.Zero), _throttle.Begin(Anna, s_here));
            _throttle.NoteSuccess(Anna, s_here);
        }
    }

    [Fact]
    public void WhatIsRememberedIsBounded()
    {
        for (var i = 0; i < 30_000; i++)
        {
            _throttle.Begin($"{i}{new string('x', 2_000)}", IPAddress.Parse($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"));
            Assert.InRange(_throttle.Remembered, 0, 20_003);
        }
    }

    [Fact]
    public void TheRightPasswordForgives()
    {
        Fail(10, Anna, s_here);
        _throttle.NoteSuccess(Anna, s_here);

        Assert.Null(_throttle.Begin(Anna, s_here).Refused);
    }

    [Fact]
    public void TheSameAccountIsTheSame_HoweverItIsWritten()
    {
        Fail(10, "ANNA@example.test ", s_here);

        Assert.NotNull(_throttle.Begin(Anna, s_here).Refused);
    }

    [Fact]
    public void ANetworkOfIPv6IsOneAddress()
    {
        for (var i = 1; i <= 10; i++)
        {
            Fail(1, Anna, IPAddress.Parse($"2001:db8:1:2::{i}"));
        }

        Assert.NotNull(_throttle.Begin(Anna, IPAddress.Parse("2001:db8:1:2:ffff::99")).Refused);
        Assert.Null(_throttle.Begin(Anna, IPAddress.Parse("2001:db8:1:3::1")).Refused);
    }

    [Fact]
    public void HalfAnHourForgets()
    {
        Fail(40, Anna, s_here);
        _clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(new SignInWait(null, TimeSpan.Zero), _throttle.Begin(Anna, s_here));
    }

    private void Fail(int times, string email, IPAddress address)
    {
        for (var i = 0; i < times; i++)
        {
            _throttle.Begin(email, address); // and no success
        }
    }
}
