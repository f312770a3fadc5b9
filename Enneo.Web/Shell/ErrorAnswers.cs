using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Shell;

/// <summary>What is answered when there is nothing better to say: a plain page to people, ProblemDetails to programs.</summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = ErrorStatus.For,
            ExceptionHandler = WriteAsync,
            SuppressDiagnosticsCallback = context => context.Exception is BusyException, // where there is too much to do, a trace of each is more of it
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext));
        app.Use((context, next) =>
        {
            // What does not exist is not asked for a sign-in.
            if (context.GetEndpoint() is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            return next(context);
        });
    }

    /// <summary>Whether a person waits for a page, rather than a program or a script for data.</summary>
    public static bool WantsPage(HttpRequest request) =>
        (!request.Path.StartsWithSegments(Urls.Api, StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments(Urls.ApiDocs, StringComparison.OrdinalIgnoreCase))
        && request.Headers.Accept.Any(accept => accept?.Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) is true);

    /// <summary>Whether the answer is shown within a page of ours (Fetch Metadata, sec-fetch-dest).</summary>
    public static bool IsFrame(HttpRequest request) => request.Headers["Sec-Fetch-Dest"] == "iframe";

    private static Task WriteAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var trouble = context.Features.Get<IExceptionHandlerFeature>() is { Error: { } error } ? PassingTrouble.Of(error) : null;
        if (trouble is not null)
        {
            context.Response.Headers.RetryAfter = trouble.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        IResult answer = WantsPage(context.Request) ? IsFrame(context.Request)
                ? Frame(context, status)
                : new RazorComponentResult<ErrorPage>(new { Status = status }) { StatusCode = status }
            : TypedResults.Problem(new ProblemDetails { Status = status, Detail = trouble?.Words });
        return answer.ExecuteAsync(context);
    }

    /// <summary>A sentence where the mail would stand, in its type and colours.</summary>
    private static ContentHttpResult Frame(HttpContext context, int status)
    {
        var words = status switch
        {
            StatusCodes.Status401Unauthorized => ShellText.FrameSignedOut,
            StatusCodes.Status404NotFound => ShellText.FrameNotFound,
            _ => ShellText.FrameError,
        };
        var theme = context.Request.Query["theme"] == "dark" ? MailTheme.Dark : MailTheme.Light;
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
        return TypedResults.Content(
            MailDocument.Build(new SafeHtml(HtmlEncoder.Default.Encode(words), 0), isPlainText: true, theme), MediaTypeNames.Text.Html, Encoding.UTF8, status);
    }
}
