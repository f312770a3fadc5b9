using System.Diagnostics;
using System.Text;
using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Features;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Spam.Model;

/// <summary>Mail made to keep the model busy.</summary>
public sealed class HostileMailTests
{
    private const string Html = "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n";

    [Theory]
    [InlineData("<", 900_000)]
    [InlineData("<a href=\"", 200_000)]
    [InlineData("<a href=http://x.example>", 100_000)]
    [InlineData("<!--", 300_000)]
    [InlineData("<script>", 200_000)]
    [InlineData("<script></", 200_000)]
    [InlineData("&", 900_000)]
    [InlineData("&#1", 300_000)]
    [InlineData("<p style=\"", 200_000)]
    [InlineData("<p a=b c='", 150_000)]
    [InlineData("http://", 200_000)]
    [InlineData("word ", 300_000)]
    [InlineData("\uFDFA", 200_000)]
    [InlineData("a\u0301", 300_000)]
    [InlineData("\u200Bа", 300_000)]
    public void WorkIsBounded_WhateverTheMarkup(string piece, int times)
    {
        var raw = Encoding.UTF8.GetBytes(Html + new StringBuilder().Insert(0, piece, times));
        SpamModel.FindFeatures(raw);

        var before = Environment.CpuUsage.TotalTime;
        var features = SpamModel.FindFeatures(raw);
        var spent = Environment.CpuUsage.TotalTime - before;

        Assert.InRange(features!.Hashes.Length, 1, FeatureGroups.Capacity.ToArray().Sum());
        Assert.True(spent < TimeSpan.FromSeconds(5), $"{spent.TotalMilliseconds:0} ms"); // usually some milliseconds; other tests share the processor
    }

    [Fact]
    public async Task Bombs_CostLittle()
    {
        var folder = await Exams.RequireAsync("bombs");
        using TemporaryFolder bombs = new();
        await ServerFolder.RunAsync("/usr/bin/python3", [Path.Combine(folder, "gen_bombs.py"), bombs.Path], TestContext.Current.CancellationToken);
        List<string> slow = [];
        foreach (var file in Directory.EnumerateFiles(bombs.Path, "*.eml").Order(StringComparer.Ordinal))
        {
            var raw = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            var watch = Stopwatch.StartNew();
            var judgement = SpamModel.Shipped.Judge(raw);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(file)}: {watch.ElapsedMilliseconds} ms, {judgement?.Probability:0.00}");
            if (watch.Elapsed > TimeSpan.FromSeconds(5))
            {
                slow.Add(Path.GetFileName(file));
            }
        }

        Assert.Empty(slow);
    }
}
