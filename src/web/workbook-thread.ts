/** The thread in which workbooks are made: an entry of its own, in a checkout and in the package. */
import { Workbook } from "#headend/workbook.ts";
import { serveJobs } from "#io/side-thread.ts";

serveJobs(() => new Workbook());
