using Enneo.Core.Data;
using Enneo.Web.Shell;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Data;

/// <summary>What passes is told apart from faults.</summary>
public sealed class PassingTroubleTests
{
    public static TheoryData<Exception, int> Ends => new()
    {
        { new SqliteException("busy", 5), 503 },
        { new SqliteException("locked", 6), 503 },
        { new SqliteException("full", 13), 503 },
        { new DbUpdateException("full", new SqliteException("full", 13)), 503 },
        { new IOException("No space left on device", 28), 503 },
        { new IOException("There is not enough space on the disk", unchecked((int)0x80070070)), 503 },
        { new BusyException("Too much"), 503 },
        { new SqliteException("constraint", 19), 500 },
        { new DbUpdateException("constraint", new SqliteException("constraint", 19)), 500 },
        { new IOException("unplugged", 5), 500 },
        { new InvalidOperationException(), 500 },
    };

    [Theory]
    [MemberData(nameof(Ends), DisableDiscoveryEnumeration = true)]
    public void WhatPassesIsAnsweredSo(Exception exception, int status)
    {
        Assert.Equal(status, ErrorStatus.For(exception));
        Assert.Equal(status == 503, PassingTrouble.Of(exception) is { Words.Length: > 0, RetryAfter.TotalSeconds: > 0 });
    }
}
