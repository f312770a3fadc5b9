using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Microsoft365 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsApplication",
                table: "microsoft365_accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "SendsByGraph",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "mailbox_failures",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    OutageSince = table.Column<long>(type: "INTEGER", nullable: false),
                    AlertedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox_failures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_mailbox_failures_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_failures_MailboxId_EndedAt",
                table: "mailbox_failures",
                columns: new[] { "MailboxId", "EndedAt" });

            // That server moves mail by itself, which is no person's word, unless somebody said that it is.
            migrationBuilder.Sql("""
                UPDATE mailboxes SET Spam_JunkMovesCount = 0
                WHERE Method = 'Microsoft365' AND Spam_JunkMovesCount AND NOT EXISTS (
                    SELECT 1 FROM activity a
                    WHERE a.MailboxId = mailboxes.Id AND a.Kind = 'MailboxChanged'
                        AND json_extract(json_extract(a.Changes, '$.spam[0]'), '$.junkMovesCount') = 0
                        AND json_extract(json_extract(a.Changes, '$.spam[1]'), '$.junkMovesCount') = 1)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "mailbox_failures");

            migrationBuilder.DropColumn(
                name: "IsApplication",
                table: "microsoft365_accounts");

            migrationBuilder.DropColumn(
                name: "SendsByGraph",
                table: "mailboxes");
        }
    }
}
