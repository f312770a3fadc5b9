using Enneo.Web.Commands;

namespace Enneo.Web.Mailboxes.Subchannels;

/// <param name="Notes">What was accepted but does nothing yet, or other than was asked for.</param>
internal sealed record SubchannelAnswer(bool Success, MailboxStatusResponse Subchannel, IReadOnlyList<string> Notes);

internal sealed record SubchannelListAnswer(bool Success, IReadOnlyList<MailboxStatusResponse> Subchannels);

/// <summary>A step of the test, in the server's own words where it failed.</summary>
internal sealed record TestStepResponse(string Step, bool Succeeded, long Milliseconds, string? Detail);

internal sealed record SubchannelTestAnswer(bool Success, IReadOnlyList<TestStepResponse> Steps);
