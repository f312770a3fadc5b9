using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>Which mails of a ticket are analysed again.</summary>
internal enum ReprocessScope
{
    All,
    Newest,
}

/// <summary>What is analysed again; the query may say it as well, and goes first.</summary>
internal sealed record ReprocessRequest : IApiRequest<ReprocessRequest>, IMayBeEmpty
{
    public static IValidator<ReprocessRequest> Validator { get; } = new InlineValidator<ReprocessRequest>();

    /// <summary>all of its mails (the newest 20), or the newest alone.</summary>
    public ReprocessScope? Scope { get; init; }

    /// <summary>Whether automations act; else they only propose.</summary>
    public bool? PerformActions { get; init; }
}

/// <param name="Waiting">So many mails will be analysed.</param>
internal sealed record ReprocessAnswer(bool Success, int Waiting);
