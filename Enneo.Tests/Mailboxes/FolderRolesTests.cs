using Enneo.Core.Mailboxes;

namespace Enneo.Tests.Mailboxes;

public sealed class FolderRolesTests
{
    private static readonly Dictionary<string, FolderRole> s_nothingChosen = [];

    [Theory]
    [InlineData("Sent", FolderRole.Sent)]
    [InlineData("sent items", FolderRole.Sent)]
    [InlineData("INBOX.Gesendete Objekte", FolderRole.Sent)]
    [InlineData("Éléments envoyés", FolderRole.Sent)]
    [InlineData("Entwürfe", FolderRole.Drafts)]
    [InlineData("Borradores", FolderRole.Drafts)]
    [InlineData("INBOX.Spam", FolderRole.Junk)]
    [InlineData("Posta indesiderata", FolderRole.Junk)]
    [InlineData("Papierkorb", FolderRole.Trash)]
    [InlineData("Corbeille", FolderRole.Trash)]
    [InlineData("Cestino", FolderRole.Trash)]
    [InlineData("Archiv", FolderRole.Archive)]
    [InlineData("Archivo", FolderRole.Archive)]
    [InlineData("Inbox", FolderRole.Inbox)]
    [InlineData("Projects.Sent", FolderRole.None)]
    [InlineData("Projects", FolderRole.None)]
    public void ANameSaysWhatAFolderIsFor(string fullName, FolderRole role) =>
        Assert.Equal(role, FolderRoles.Assign([new(fullName, ".")], s_nothingChosen).GetValueOrDefault(fullName));

    [Fact]
    public void SpecialUseIsStrongerThanAName()
    {
        var roles = FolderRoles.Assign([new("Sent"), new("Outbox copies", SpecialUse: FolderRole.Sent)], s_nothingChosen);

        Assert.Equal(FolderRole.Sent, roles["Outbox copies"]);
        Assert.DoesNotContain("Sent", roles.Keys);
    }

    [Fact]
    public void EachPurposeHasOneFolderAndTheBestKnownNameGetsIt()
    {
        var roles = FolderRoles.Assign([new("Deleted Items"), new("Trash"), new("Papierkorb")], s_nothingChosen);

        Assert.Equal(["Trash"], roles.Keys);
    }

    [Fact]
    public void WhatAPersonChoseStays()
    {
        var roles = FolderRoles.Assign(
            [new("Archive", SpecialUse: FolderRole.Archive), new("Done")],
            new Dictionary<string, FolderRole> { ["Done"] = FolderRole.Archive, ["Archive"] = FolderRole.None });

        Assert.Equal(FolderRole.Archive, roles["Done"]);
        Assert.Equal(FolderRole.None, roles["Archive"]);
    }

    [Fact]
    public void AViewOfAllMailIsTheArchiveOnlyWhereThereIsNoOther()
    {
        ListedFolder all = new("[Gmail]/All Mail", SpecialUse: FolderRole.Archive, IsVirtual: true);

        Assert.Equal(FolderRole.Archive, FolderRoles.Assign([all], s_nothingChosen)[all.FullName]);
        Assert.Equal(["Archive"], FolderRoles.Assign([all, new("Archive", SpecialUse: FolderRole.Archive)], s_nothingChosen).Keys);
    }

    [Fact]
    public void WhatCannotHoldMailHasNoPurpose() => Assert.Empty(FolderRoles.Assign([new("Archive", IsSelectable: false)], s_nothingChosen));
}
