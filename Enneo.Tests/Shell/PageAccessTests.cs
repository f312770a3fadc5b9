using System.Reflection;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Enneo.Tests.Shell;

/// <summary>An open page closes with its session only if it says who may see it.</summary>
public sealed class PageAccessTests
{
    public static TheoryData<Type> Pages =>
        [.. typeof(Routes).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any() && type != typeof(NotFoundPage))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryPageSaysWhoMaySeeIt(Type page) =>
        Assert.True(page.GetCustomAttributes().Any(attribute => attribute is IAuthorizeData or IAllowAnonymous), page.Name);
}
