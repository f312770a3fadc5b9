using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Listing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_AssigneeId_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_junk",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_MailboxId_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_trash",
                table: "tickets");

            migrationBuilder.RenameColumn(
                name: "LastMessageAt",
                table: "ticket_folders",
                newName: "ListedAt");

            migrationBuilder.RenameIndex(
                name: "IX_ticket_folders_FolderId_LastMessageAt_TicketId",
                table: "ticket_folders",
                newName: "IX_ticket_folders_FolderId_ListedAt_TicketId");

            migrationBuilder.AddColumn<long>(
                name: "WokenAt",
                table: "tickets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ListedAt",
                table: "tickets",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "max(\"LastMessageAt\", coalesce(\"WokenAt\", \"LastMessageAt\"))",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_AssigneeId_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "AssigneeId", "IsClosed", "ListedAt", "Id" },
                filter: "\"AssigneeId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "IsClosed", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_junk",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Junk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MailboxId_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "MailboxId", "IsClosed", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"IsStarred\"");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_trash",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Trash'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_AssigneeId_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_junk",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_MailboxId_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_trash",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "ListedAt",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "WokenAt",
                table: "tickets");

            migrationBuilder.RenameColumn(
                name: "ListedAt",
                table: "ticket_folders",
                newName: "LastMessageAt");

            migrationBuilder.RenameIndex(
                name: "IX_ticket_folders_FolderId_ListedAt_TicketId",
                table: "ticket_folders",
                newName: "IX_ticket_folders_FolderId_LastMessageAt_TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_AssigneeId_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "AssigneeId", "IsClosed", "LastMessageAt", "Id" },
                filter: "\"AssigneeId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "IsClosed", "LastMessageAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_junk",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Junk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MailboxId_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "MailboxId", "IsClosed", "LastMessageAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"IsStarred\"");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_trash",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Trash'");
        }
    }
}
