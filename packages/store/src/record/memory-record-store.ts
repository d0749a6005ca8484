import { pageOf } from "../page.ts";
import type { RecordStore, StoredRecord } from "./record-store.ts";

/** Records of one kind in this process's memory. */
export const createMemoryRecordStore = <Item extends StoredRecord>(): RecordStore<Item> => {
  const byId = new Map<string, Item>();
  const names = new Set<string>();

  const find = (workspaceId: string, id: string): Item | null => {
    const record = byId.get(id);
    return record?.workspaceId === workspaceId ? record : null;
  };

  return {
    async create(record) {
      const { id, uniqueName } = record;
      if (byId.has(id) || (uniqueName !== null && names.has(uniqueName))) return "duplicate";
      byId.set(id, record);
      if (uniqueName !== null) names.add(uniqueName);
      return "created";
    },
    async get(workspaceId, id) {
      return find(workspaceId, id);
    },
    async list(workspaceId, page) {
      const records = [...byId.values()].filter(
        (record) => workspaceId === null || record.workspaceId === workspaceId,
      );
      return pageOf(
        records.sort((a, b) => a.createdAtMs - b.createdAtMs),
        page,
      );
    },
    async update(workspaceId, id, change) {
      const record = find(workspaceId, id);
      if (record === null) return null;
      const changed = { ...record, ...change };
      byId.set(id, changed);
      return changed;
    },
    async delete(workspaceId, id) {
      const record = find(workspaceId, id);
      if (record === null) return false;
      if (record.uniqueName !== null) names.delete(record.uniqueName);
      return byId.delete(id);
    },
  };
};
