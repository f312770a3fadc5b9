using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Roads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "ReceivesByGraph",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Location",
                table: "keyed_requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Files",
                table: "integration_messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "graph_folders",
                columns: table => new
                {
                    FolderId = table.Column<long>(type: "INTEGER", nullable: false),
                    GraphId = table.Column<string>(type: "TEXT", nullable: false),
                    SpecialUse = table.Column<string>(type: "TEXT", nullable: false),
                    UidValidity = table.Column<uint>(type: "INTEGER", nullable: false),
                    LastUid = table.Column<uint>(type: "INTEGER", nullable: false),
                    Link = table.Column<string>(type: "TEXT", nullable: true),
                    ListedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Total = table.Column<int>(type: "INTEGER", nullable: false),
                    Unread = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_graph_folders", x => x.FolderId);
                    table.ForeignKey(
                        name: "FK_graph_folders_folders_FolderId",
                        column: x => x.FolderId,
                        principalTable: "folders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "graph_numbers",
                columns: table => new
                {
                    FolderId = table.Column<long>(type: "INTEGER", nullable: false),
                    Uid = table.Column<uint>(type: "INTEGER", nullable: false),
                    GraphId = table.Column<string>(type: "TEXT", nullable: false),
                    ChangeKey = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_graph_numbers", x => new { x.FolderId, x.Uid });
                    table.ForeignKey(
                        name: "FK_graph_numbers_folders_FolderId",
                        column: x => x.FolderId,
                        principalTable: "folders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "microsoft365_places",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    IsPause = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_microsoft365_places", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_graph_numbers_FolderId_GraphId",
                table: "graph_numbers",
                columns: new[] { "FolderId", "GraphId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_graph_numbers_GraphId",
                table: "graph_numbers",
                column: "GraphId");

            migrationBuilder.CreateIndex(
                name: "IX_microsoft365_places_MailboxId_Until",
                table: "microsoft365_places",
                columns: new[] { "MailboxId", "Until" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "graph_folders");

            migrationBuilder.DropTable(
                name: "graph_numbers");

            migrationBuilder.DropTable(
                name: "microsoft365_places");

            migrationBuilder.DropColumn(
                name: "ReceivesByGraph",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Location",
                table: "keyed_requests");

            migrationBuilder.DropColumn(
                name: "Files",
                table: "integration_messages");
        }
    }
}
