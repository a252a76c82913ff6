import { join } from "node:path";
import { open } from "lmdb";
import { Packr } from "msgpackr";

const packr = new Packr({ moreTypes: true, structuredClone: true });

/** Changes one value of a run's store behind Illume's back. */
export async function tamper<T>(folder: string, key: string, change: (value: T) => unknown): Promise<void> {
  const database = open<Buffer, string>({
    path: join(folder, "store.mdb"),
    encoding: "binary",
    noSubdir: true,
  });
  await database.put(key, packr.pack(change(packr.unpack(database.get(key) as Buffer) as T)));
  await database.flushed;
  await database.close();
}
