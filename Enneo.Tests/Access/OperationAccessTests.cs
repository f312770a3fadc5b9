using System.Reflection;
using Enneo.Core;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Web.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Access;

/// <summary>An agent sees the mailboxes granted to them and no others, whatever of Core a screen calls; an admin sees all.</summary>
public sealed class OperationAccessTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (var method in AccessCases.All.Where(known => known is not NoCase).Select(known => known.Method))
            {
                cases.Add(method, Roles.Agent);
                cases.Add(method, Roles.Admin);
            }

            return cases;
        }
    }

    private static BindingFlags Everything => BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Whatever asks or changes something, by name.</summary>
    public static IEnumerable<string> MethodsOf(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal))
        .Select(method => $"{type.Name}.{method.Name}")
        .Distinct();

    [Fact]
    public void EveryMethodThatAScreenCanCallHasACase()
    {
        var known = AccessCases.All.Select(access => access.Method).ToHashSet();
        var without = ReachableFromScreens().Except(AccessCases.OfAdmins).SelectMany(MethodsOf).Where(method => !known.Contains(method)).Order();

        Assert.True(!without.Any(), $"Say in AccessCases what somebody may see by each of these, who sees one mailbox of two: {string.Join(", ", without)}");
    }

    [Fact]
    public void WhatIsForAdminsIsCalledByTheirPagesAlone()
    {
        var elsewhere = Screens().Where(screen => Named(screen).Any(AccessCases.OfAdmins.Contains))
            .Select(screen => screen.DeclaringType ?? screen) // what the compiler makes of an async method is the page's
            .Where(screen => screen.GetCustomAttribute<AuthorizeAttribute>()?.Roles != Roles.Admin)
            .Select(screen => screen.Name);

        Assert.True(!elsewhere.Any(), $"Not for admins alone, but calling what is: {string.Join(", ", elsewhere)}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AnswersHoldWhatIsWithinReachAndNothingElse(string method, string role)
    {
        await using var house = await TwoMailboxes.OpenAsync();
        var visitor = house.Of(role);
        foreach (var access in AccessCases.All.Where(known => known.Method == method))
        {
            await (access switch
            {
                ListCase list => ListAsync(house, visitor, list),
                OneCase one => OneAsync(house, visitor, one),
                _ => Task.CompletedTask,
            });
        }
    }

    private static async Task ListAsync(TwoMailboxes house, Visitor visitor, ListCase list)
    {
        var answer = await house.AskAsync(() => list.Ask(house, visitor));

        Assert.True(TwoMailboxes.Tells(answer, TwoMailboxes.Granted), answer);
        Assert.True(visitor.IsAdmin == TwoMailboxes.Tells(answer, TwoMailboxes.Withheld), answer);
    }

    private static async Task OneAsync(TwoMailboxes house, Visitor visitor, OneCase one)
    {
        var missing = await house.AskAsync(() => one.Ask(house, visitor, Target.Missing));
        var withheld = await house.AskAsync(() => one.Ask(house, visitor, house.Of(TwoMailboxes.Withheld, visitor)));
        var granted = await house.AskAsync(() => one.Ask(house, visitor, house.Of(TwoMailboxes.Granted, visitor)));

        Assert.NotEqual(missing, granted);
        if (visitor.IsAdmin)
        {
            Assert.NotEqual(missing, withheld);
        }
        else
        {
            Assert.Equal(missing, withheld);
            Assert.False(TwoMailboxes.Tells(granted, TwoMailboxes.Withheld), granted);
        }
    }

    private static IEnumerable<Type> ReachableFromScreens()
    {
        var registered = new ServiceCollection().AddEnneoCore(new DataDirectory("unused"))
            .Select(service => service.ServiceType)
            .Where(type => type.Assembly == typeof(EnneoCore).Assembly)
            .ToHashSet();
        return Screens().SelectMany(Named).Where(registered.Contains).Distinct();
    }

    /// <summary>Pages, their parts, endpoints and what they use; not the commands, which the person at the machine gives.</summary>
    private static IEnumerable<Type> Screens() => typeof(Program).Assembly.GetTypes()
        .Where(type => !typeof(ICommand).IsAssignableFrom(type) && type.Namespace is { } name
            && (name.StartsWith("Enneo.Web.Inbox", StringComparison.Ordinal) || name is "Enneo.Web.Identity" or "Enneo.Web.Mailboxes" || typeof(ComponentBase).IsAssignableFrom(type)));

    private static IEnumerable<Type> Named(Type type) => type.GetConstructors(Everything).SelectMany(made => made.GetParameters())
        .Concat(type.GetMethods(Everything).SelectMany(method => method.GetParameters()))
        .Select(parameter => parameter.ParameterType)
        .Concat(type.GetFields(Everything).Select(field => field.FieldType));
}
