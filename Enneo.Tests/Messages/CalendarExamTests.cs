using Enneo.Core.Messages.Calendar;

namespace Enneo.Tests.Messages;

/// <summary>Calendars of many programs that others collected, some of them endless.</summary>
public sealed class CalendarExamTests
{
    [Fact]
    public async Task NoCalendarStallsOrBreaksIt_AndNearlyEveryEventIsRead()
    {
        var folder = await Exams.RequireAsync("ics");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (files, events, read) = (0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(folder, "*.ics", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            files++;
            events += text.Contains("BEGIN:VEVENT", StringComparison.OrdinalIgnoreCase) && text.Contains("DTSTART", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            read += CalendarText.Read(text, 0) is null ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} of {events} events in {files} files, {watch.Elapsed}");
        Assert.True(files > 150);
        Assert.True(read >= events * 0.9, $"{read} of {events}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
