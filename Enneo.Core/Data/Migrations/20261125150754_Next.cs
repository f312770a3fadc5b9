using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Next : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_Place_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.AddColumn<long>(
                name: "DisabledAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastSeenAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Email = table.Column<string>(type: "TEXT", nullable: false),
                    NormalizedEmail = table.Column<string>(type: "TEXT", nullable: false),
                    DisplayName = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxIds = table.Column<string>(type: "TEXT", nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", nullable: false),
                    InvitedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invitations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_grants",
                columns: table => new
                {
                    UserId = table.Column<long>(type: "INTEGER", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox_grants", x => new { x.UserId, x.MailboxId });
                    table.ForeignKey(
                        name: "FK_mailbox_grants_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_mailbox_grants_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Place_LastMessageAt_Id_MailboxId",
                table: "tickets",
                columns: new[] { "Place", "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" <> 'Desk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"IsStarred\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_invitations_NormalizedEmail",
                table: "invitations",
                column: "NormalizedEmail",
                unique: true,
                filter: "\"AcceptedAt\" IS NULL AND \"WithdrawnAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_invitations_TokenHash",
                table: "invitations",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_grants_MailboxId",
                table: "mailbox_grants",
                column: "MailboxId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "mailbox_grants");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Place_LastMessageAt_Id_MailboxId",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "DisabledAt",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "LastSeenAt",
                table: "AspNetUsers");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Place_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "Place", "LastMessageAt", "Id" },
                filter: "\"Place\" <> 'Desk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id" },
                filter: "\"LastSentAt\" IS NOT NULL");
        }
    }
}
